import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gzip } from "node:zlib";
import { type AsRead, type CrashId, type ProcessedCrash, parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { createSymbolStorage } from "@mayday/storage";
import { openSymbolObjects, type SymbolStoreSettings } from "@mayday/storage/open";

const compress = promisify(gzip);
const fixtures = fileURLToPath(new URL("../../../../fixtures/", import.meta.url));

const PROCESSING_LIMIT_MS = 60_000;

/** Puts the demo program's symbols into the pipeline's symbol store. */
export async function loadDemoSymbols(settings: SymbolStoreSettings): Promise<void> {
  const storage = createSymbolStorage(await openSymbolObjects(settings));
  const top = join(fixtures, "symbols");
  for (const path of await readdir(top, { recursive: true })) {
    const [debugFile, debugId, file] = path.split("/");
    if (debugFile === undefined || debugId === undefined || file === undefined) continue;
    const bytes = await readFile(join(top, path));
    const gzipped = file.endsWith(".gz") ? bytes : await compress(bytes);
    await storage.putGzipped({ debugFile, debugId, symbolFile: file.replace(/\.gz$/, "") }, gzipped);
  }
}

/**
 * Submits the demo crash as a client would; undefined when the throttle rules do not want it.
 * @throws {MaydayError} PROCESSING_FAILED when the collector does not take it for another reason
 */
export async function submitDemoCrash(collectorUrl: string): Promise<CrashId | undefined> {
  const report = new FormData();
  const annotations = await readFile(join(fixtures, "demo", "annotations.json"));
  const dump = await readFile(join(fixtures, "demo", "demo.dmp"));
  report.set("extra", new Blob([annotations], { type: "application/json" }), "extra.json");
  report.set("upload_file_minidump", new Blob([dump], { type: "application/octet-stream" }), "demo.dmp");
  const response = await fetch(`${collectorUrl}/submit`, { method: "POST", body: report });
  const answer = await response.text();
  const crashId = parseCrashId(/^CrashID=(.*)$/m.exec(answer)?.[1] ?? "");
  if (answer.startsWith("Discarded=rule_")) return undefined;
  if (crashId === undefined) throw new MaydayError("PROCESSING_FAILED", `the collector answered ${answer}`);
  return crashId;
}

/** The processed crash, if there is one. */
export async function askForProcessed(
  webappUrl: string,
  crashId: CrashId,
): Promise<AsRead<ProcessedCrash> | undefined> {
  const response = await fetch(`${webappUrl}/api/ProcessedCrash/?crash_id=${crashId}`);
  if (response.ok) return (await response.json()) as AsRead<ProcessedCrash>;
  await response.body?.cancel();
  return undefined;
}

/** The processed crash, once there is one; undefined when that takes too long. */
export async function waitForProcessed(
  webappUrl: string,
  crashId: CrashId,
): Promise<AsRead<ProcessedCrash> | undefined> {
  const deadline = Date.now() + PROCESSING_LIMIT_MS;
  for (;;) {
    const processed = await askForProcessed(webappUrl, crashId);
    if (processed !== undefined || Date.now() > deadline) return processed;
    await sleep(100);
  }
}
