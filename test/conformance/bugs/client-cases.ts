import { execFile } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Pipeline, repository, startPipeline } from "../../system/pipeline.ts";
import { type ClientCheck, clientChecks } from "./client-checks.ts";

const run = promisify(execFile);
const CASE_LIMIT_MS = 120_000;

/** Settings that cases are written for. The demo loads the symbols of their dump. */
const base = {
  WEBAPP_PERMISSIONS: "view_pii,view_rawdump,reprocess_crashes",
  COLLECTOR_RESUBMITTER_TOKEN: "case-token",
};

/**
 * Runs the programs of client cases against a pipeline of their own and holds what they print against what it should be.
 * @param folder of the cases
 */
export async function checkClientCases(folder: string): Promise<boolean> {
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
  const problems = new Map<string, readonly string[]>();
  for (const rules of ["accept_all", "mozilla"] as const) {
    const due = names.filter((name) => (clientChecks[name]?.rules ?? "accept_all") === rules);
    if (due.length === 0) continue;
    const data = mkdtempSync(join(tmpdir(), "mayday-clients-"));
    const pipeline = await startPipeline(data, {
      ...base,
      COLLECTOR_THROTTLE_RULES: rules,
      MAYDAY_DEMO: "1",
    });
    try {
      for (const name of due)
        problems.set(name, await problemsOf(join(folder, name), clientChecks[name], pipeline));
    } finally {
      await pipeline.end("SIGTERM");
      rmSync(data, { recursive: true, force: true });
    }
  }
  const wrong = [...problems].filter(([, found]) => found.length > 0);
  for (const [name, found] of wrong)
    console.log(`  ${name}:\n${found.map((line) => `    ${line}`).join("\n")}`);
  console.log(`  client-cases: ${names.length - wrong.length} of ${names.length} as expected`);
  return wrong.length === 0;
}

async function problemsOf(
  folder: string,
  check: ClientCheck | undefined,
  pipeline: Pipeline,
): Promise<readonly string[]> {
  if (check === undefined) return ["there is no check for it"];
  const env = {
    ...process.env,
    COLLECTOR: new URL(pipeline.collector).port,
    WEBAPP: new URL(pipeline.webapp).port,
    PYTHONDONTWRITEBYTECODE: "1",
  };
  const options = { cwd: repository, env, timeout: CASE_LIMIT_MS, maxBuffer: 64e6 };
  const { stdout } = await run("python3", [join(folder, "case.py")], options);
  const missing = check.has.filter((wanted) => !matches(stdout, wanted));
  const unwanted = (check.lacks ?? []).filter((pattern) => matches(stdout, pattern));
  return [
    ...missing.map((wanted) => `lacks ${wanted}`),
    ...unwanted.map((pattern) => `has ${pattern}`),
    ...(missing.length + unwanted.length > 0 ? [stdout.slice(0, 3000)] : []),
  ];
}

function matches(text: string, wanted: string | RegExp): boolean {
  return typeof wanted === "string" ? text.includes(wanted) : wanted.test(text);
}
