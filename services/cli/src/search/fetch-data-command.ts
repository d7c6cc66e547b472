import { existsSync } from "node:fs";
import { mkdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type CrashId, parseCrashId } from "@mayday/crash";
import { errorLine } from "@mayday/errors";
import { progressOn } from "../progress.ts";
import type { SearchClient } from "./search-client.ts";

export interface FetchOptions {
  readonly overwrite: boolean;
  readonly raw: boolean;
  readonly dumps: boolean;
  readonly processed: boolean;
  readonly workers: number;
  readonly stats: boolean;
}

/**
 * Fetches crashes into a folder, in the layout of crashstats-tools: `raw_crash/<day>/<id>`, `dump_names/<id>`,
 * `<dump>/<id>`, `processed_crash/<id>`. One that cannot be had is told of, and the others are fetched.
 * @returns how many could not be had
 */
export async function fetchData(
  folder: string,
  crashes: readonly string[],
  options: FetchOptions,
  client: SearchClient,
): Promise<number> {
  const progress = progressOn(process.stderr, (done) => `${done} of ${crashes.length} crashes`);
  const waiting = [...crashes];
  let failed = 0;
  const work = async (): Promise<void> => {
    for (let text = waiting.shift(); text !== undefined; text = waiting.shift()) {
      const id = parseCrashId(text.trim());
      try {
        if (id === undefined) console.log(`${text.trim()}: not a valid crash id`);
        else await fetchCrash(folder, id, options, client);
      } catch (error) {
        failed++;
        console.error(`${id}: ${errorLine(error)}`);
      }
      progress.add(1);
    }
  };
  await Promise.all(Array.from({ length: options.workers }, work));
  progress.end();
  return failed;
}

async function fetchCrash(
  folder: string,
  id: CrashId,
  { overwrite, raw, dumps, processed, stats }: FetchOptions,
  client: SearchClient,
): Promise<void> {
  const keep = async (what: string, path: string, load: () => Promise<Buffer>): Promise<void> => {
    const isThere = existsSync(path) && !overwrite;
    if (!stats) console.log(`${id}: fetching ${what}${isThere ? " -- already exists" : ""}`);
    if (!isThere) await write(path, await load());
  };
  const meta = new URLSearchParams({ crash_id: id, format: "meta" });
  if (raw) {
    const path = join(folder, "raw_crash", `20${id.slice(-6)}`, id);
    await keep("raw crash", path, async () => pretty(await client.json("RawCrash", meta)));
  }
  if (dumps) {
    const report = await client.json<{ metadata?: { dump_checksums?: object } }>("RawCrash", meta);
    // A dump's name becomes a folder.
    const names = Object.keys(report.metadata?.dump_checksums ?? {}).filter((name) =>
      /^\w[\w.-]*$/.test(name),
    );
    await write(join(folder, "dump_names", id), Buffer.from(JSON.stringify(names)));
    for (const name of names) {
      const asked = name === "upload_file_minidump" ? "dump" : name;
      const params = new URLSearchParams({ crash_id: id, format: "raw", name: asked });
      await keep(`dump: ${name}`, join(folder, name, id), () => client.bytes("RawCrash", params));
    }
  }
  if (processed) {
    const path = join(folder, "processed_crash", id);
    await keep("processed crash", path, async () => pretty(await client.json("ProcessedCrash", meta)));
  }
}

/** Whole or not at all: a file that is there is not fetched again. */
async function write(path: string, bytes: Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.part`, bytes);
  await rename(`${path}.part`, path);
}

const pretty = (value: unknown): Buffer => Buffer.from(JSON.stringify(sortedKeys(value), undefined, 2));

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, one]) => [name, sortedKeys(one)]));
}
