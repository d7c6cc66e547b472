import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { MAIN_DUMP, newCrashId, type ProcessedCrash, type RawCrash } from "@mayday/crash";
import { searchDocument } from "@mayday/search";
import { openDuckDbEngine } from "@mayday/search/duckdb";
import { createCrashStorage } from "@mayday/storage";
import { openFsObjectStore } from "@mayday/storage/fs";
import { startWebapp } from "@mayday/webapp";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMayday } from "../test-support/run-mayday.ts";
import { writeLists } from "./test-support/lists-folder.ts";

let folder = "";
let older = "";
let newer = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "mayday-signature-diff-"));
  older = await writeLists(join(folder, "older"), {});
  newer = await writeLists(join(folder, "newer"), { "prefix_signature_re.txt": ["abort"] });
  await storeCrashes();
}, 30_000);
afterAll(() => rm(folder, { recursive: true }));

const crashOf = (...names: readonly string[]) => ({
  threads: [{ frames: names.map((name) => ({ function: name })) }],
});

const STORED = 40;
const now = new Date();

/** Every fourth crash aborts, by two ways; every second is of Teapot. The last is not processed yet. */
async function storeCrashes(): Promise<void> {
  const storage = createCrashStorage(await openFsObjectStore(join(folder, "crashes")));
  const engine = await openDuckDbEngine({ path: join(folder, "search.duckdb") });
  const documents: ProcessedCrash[] = [];
  for (let index = 0; index < STORED; index++) {
    const uuid = newCrashId(`${index.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, now, 0);
    const raw = { uuid, version: 2, submitted_timestamp: "", metadata: {} } as unknown as RawCrash;
    await storage.saveReport(raw, new Map([[MAIN_DUMP, Buffer.alloc(4)]]));
    if (index === STORED - 1) break;
    const caller = index % 8 === 0 ? "tea::pour" : "tea::boil";
    const json_dump = index % 4 === 0 ? crashOf("abort", caller) : crashOf("tea::sip");
    const product = index % 2 === 0 ? "Teapot" : "Kettle";
    documents.push({ uuid, product, date_processed: now.toISOString(), json_dump });
    await storage.saveProcessed(uuid, documents.at(-1) as ProcessedCrash);
  }
  await engine.add(documents.map(searchDocument));
  await engine.close();
}

const diff = (...args: readonly string[]) =>
  runMayday(["signature", "diff", "--siglists", newer, "--against", older, ...args]);

async function jsonDiff(...args: readonly string[]) {
  const { code, out, err } = await diff("--json", ...args);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return JSON.parse(out);
}

describe("mayday signature diff", () => {
  it("shows what other lists do to the crashes of files", async () => {
    const lines = join(folder, "crashes.jsonl.gz");
    const crashes = [crashOf("abort", "a"), crashOf("abort", "a"), crashOf("abort", "b"), crashOf("c")];
    await writeFile(lines, gzipSync(crashes.map((crash) => JSON.stringify(crash)).join("\n")));
    const one = join(folder, "one.json");
    await writeFile(one, JSON.stringify({ uuid: "some-id", json_dump: crashOf("abort | a") }, undefined, 2));
    const { code, out, err } = await diff(lines, one);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toBe(`3 of 5 crashes change their signature (60.0 %)
3 signatures before, 4 after

2 changes
         2  abort
            → abort | a
            ${lines} line 1, ${lines} line 2
         1  abort
            → abort | b
            ${lines} line 3

1 signature splits
  abort
            →          2  abort | a
            →          1  abort | b
`);
  });

  it("compares with the lists in use when told no others", async () => {
    const file = join(folder, "c.json");
    await writeFile(file, JSON.stringify(crashOf("abort", "a")));
    const args = ["signature", "diff", "--siglists", newer, file];
    expect((await runMayday(args)).out).toContain("0 of 1 crashes change");
    const inUse = await runMayday(args, { environment: { SIGNATURE_LISTS: older } });
    expect(inUse.out).toContain("1 of 1 crashes change");
  });

  it("goes over all stored crashes and tells how many are not processed", async () => {
    const { crashes, changed, skipped, changes, splits, merges } = await jsonDiff("--data", folder);
    expect({ crashes, changed, skipped }).toEqual({ crashes: STORED - 1, changed: 10, skipped: 1 });
    expect(changes.map((change: any) => [change.from, change.to, change.crashes])).toEqual([
      ["abort", "abort | tea::boil", 5],
      ["abort", "abort | tea::pour", 5],
    ]);
    expect(changes[0].examples).toHaveLength(3);
    expect(splits.map(({ from }: any) => from)).toEqual(["abort"]);
    expect(merges).toEqual([]);
  });

  it("takes a sample, the same one every time", async () => {
    const [first, again] = [
      await jsonDiff("--data", folder, "--sample", "9"),
      await jsonDiff("--data", folder, "--sample", "9"),
    ];
    expect(first.crashes).toBe(9);
    expect(again).toEqual(first);
  });

  it("goes over what a search finds", async () => {
    const found = await jsonDiff("--data", folder, "--search", "product=Teapot&signature=__null__");
    expect({ crashes: found.crashes, changed: found.changed }).toEqual({ crashes: 20, changed: 10 });
    expect((await jsonDiff("--data", folder, "--search", "product=Kettle")).changed).toBe(0);
  });

  it("asks the webapp while that has the search index", async () => {
    const webapp = await startWebapp({
      WEBAPP_PORT: "0",
      MAYDAY_DATA_DIR: folder,
      REDIS_URL: "redis://127.0.0.1:1",
      LOG_LEVEL: "silent",
    });
    try {
      const search = ["--data", folder, "--search", "product=Teapot"];
      const refused = await diff(...search);
      expect(refused.code).toBe(1);
      expect(refused.err).toMatch(/^SEARCH_UNAVAILABLE: .*--webapp.*\n$/);
      expect((await jsonDiff(...search, "--webapp", webapp.url)).crashes).toBe(20);
      const bad = await diff("--data", folder, "--search", "uptime=x", "--webapp", webapp.url);
      expect(bad.err).toMatch(/^SEARCH_BAD_PARAMETER: .*uptime.*\n$/);
    } finally {
      await webapp.stop();
    }
  });

  it.each<[string[], number, RegExp]>([
    [["--data", "/nowhere"], 1, /^FILE_UNREADABLE: .*\/nowhere\/crashes.*\n$/],
    [["/nowhere.jsonl"], 1, /^FILE_UNREADABLE: .*\/nowhere\.jsonl: ENOENT\n$/],
    [["--sample", "none"], 2, /^USAGE: .*--sample.*\n$/],
    [["--webapp", "http://127.0.0.1:1"], 2, /^USAGE: .*--search.*\n$/],
    [["crashes.jsonl", "--sample", "1"], 2, /^USAGE: files are given: --sample.*\n$/],
    [["--search", "product=x", "--webapp", "localhost"], 2, /^USAGE: .*--webapp.*\n$/],
  ])("says in one line what is wrong with %j", async (args, code, says) => {
    const ran = await diff(...args);
    expect(ran.code).toBe(code);
    expect(ran.err).toMatch(says);
  });
});
