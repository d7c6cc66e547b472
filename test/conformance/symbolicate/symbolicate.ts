import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { startSymbols } from "@mayday/symbols-service";
import { absent, sharedFile } from "../../bench/measure.ts";
import type { NamedOptions } from "../../run-named.ts";
import { type CaseResult, isRight } from "../case-result.ts";
import { differencesOf, type EliotCase, readCases } from "./eliot-cases.ts";
import { type MoodyServer, moodyServer } from "./moody-server.ts";
import { reasonsFor } from "./named-differences.ts";
import { sendRaw } from "./raw-request.ts";

/** Cases at once; those with slow symbol servers wait for most of their time. */
const AT_ONCE = 6;

/** Asks the symbols service what Eliot was asked, and holds its answers against Eliot's. */
export async function symbolicate({ cases: given, json }: NamedOptions): Promise<boolean> {
  const folder = given ?? sharedFile("symbolicate-cases");
  if (folder === undefined) {
    absent("symbolicate-cases (MAYDAY_SHARED_DATA)");
    return true;
  }
  const cases = readCases(join(folder, "cases.jsonl.gz"));
  const server = await moodyServer(symbolFolders(folder), oddlyNamed());
  try {
    const results = await runAll(cases, server);
    if (json !== undefined) {
      writeFileSync(json, results.map((result) => `${JSON.stringify(result)}\n`).join(""));
    }
    return report(results, cases);
  } finally {
    server.close();
  }
}

function symbolFolders(folder: string): string[] {
  const peers = ["breakpad", "rust-minidump", "firefox-esr-153"].map((peer) => sharedFile(`${peer}/symbols`));
  return [join(folder, "symbols"), ...peers.filter((peer) => peer !== undefined)];
}

/** Files that stand under another name than a symbol server would give them. */
function oddlyNamed(): Record<string, string> {
  const file =
    sharedFile("breakpad/symbols/linux_inline/BBA6FA10B8AAB33D00000000000000000/linux_inline.new.sym") ?? "";
  return { "linux_inline/BBA6FA10B8AAB33D00000000000000000/linux_inline.sym": file };
}

async function runAll(cases: readonly EliotCase[], server: MoodyServer): Promise<CaseResult[]> {
  const scratch = mkdtempSync(join(tmpdir(), "mayday-symbolicate-"));
  const results: CaseResult[] = [];
  const waiting = [...cases.entries()];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [index, one] = next;
      results[index] = await runCase(one, server, join(scratch, String(index)));
      rmSync(join(scratch, String(index)), { recursive: true, force: true });
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return results;
}

/** Runs a case on a service of its own, whose caches are empty. */
async function runCase(one: EliotCase, server: MoodyServer, data: string): Promise<CaseResult> {
  try {
    if (one.before !== null) {
      const before = await startService(one.before.symbol_servers ?? one.symbol_servers, server, data);
      await sendRaw(before.port, one.before.request);
      await before.stop();
    }
    const service = await startService(one.symbol_servers, server, data);
    const answer = await sendRaw(service.port, one.request);
    await service.stop();
    const differs = differencesOf(one.expected, answer);
    const named = differs.length === 0 ? [] : reasonsFor({ one, answer, differs });
    return { case: one.id, equal: differs.length === 0, differs, named };
  } catch (error) {
    return { case: one.id, equal: false, differs: [String(error)], named: [] };
  }
}

async function startService(moods: readonly string[], server: MoodyServer, data: string) {
  const { url, stop } = await startSymbols({
    SYMBOLS_PORT: "0",
    SYMBOLS_BUILDERS: "0",
    MAYDAY_DATA_DIR: data,
    SYMBOL_SOURCES: moods.map((mood, place) => server.url(`${basename(data)}.${place}`, mood)).join(","),
    LOG_LEVEL: "silent",
  });
  return { port: Number(new URL(url).port), stop };
}

function report(results: readonly CaseResult[], cases: readonly EliotCase[]): boolean {
  for (const [index, result] of results.entries()) {
    if (isRight(result)) continue;
    console.log(`  ${result.case} (${cases[index]?.what}): ${result.differs.slice(0, 6).join(", ")}`);
  }
  const named = results.filter(({ equal, named }) => !equal && named.length > 0);
  for (const reason of new Set(named.flatMap((result) => result.named))) {
    const count = named.filter((result) => result.named.includes(reason)).length;
    console.log(`  ${count} differ on purpose: ${reason}`);
  }
  const equal = results.filter((result) => result.equal).length;
  console.log(
    `  Eliot's answers: ${equal} of ${results.length} equal, ${named.length} more differ for a named reason`,
  );
  return results.every(isRight);
}
