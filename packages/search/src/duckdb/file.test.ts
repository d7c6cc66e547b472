import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { anId, crash, now } from "../conformance/open-index.ts";
import type { SearchDocument } from "../document.ts";
import type { SearchEngine, SearchResult } from "../engine.ts";
import { parseSuperSearch } from "../super-search.ts";
import { type DuckDbEngine, openDuckDbEngine } from "./index.ts";
import { instanceOptions } from "./store.ts";

const memoryLimitMb = 256;
let folder: string;
let path: string;
const opened: SearchEngine[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "mayday-search-"));
  path = join(folder, "search.duckdb");
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((engine) => engine.close()));
  rmSync(folder, { recursive: true });
});

async function open(): Promise<DuckDbEngine> {
  const engine = await openDuckDbEngine({ path, memoryLimitMb });
  opened.push(engine);
  return engine;
}

const search = (engine: SearchEngine, query = ""): Promise<SearchResult> =>
  engine.search(parseSuperSearch(new URLSearchParams(`date=>2026-01-01&${query}`), { now }));
const signatures = async (engine: SearchEngine, query = ""): Promise<unknown[]> =>
  (await search(engine, `_columns=signature&${query}`)).hits.map(({ signature }) => signature).sort();

/** Runs statements on the file as another part of this process would. */
async function sql(...statements: string[]): Promise<void> {
  const instance = await DuckDBInstance.fromCache(path, instanceOptions(memoryLimitMb));
  const connection = await instance.connect();
  try {
    for (const statement of statements) await connection.run(statement);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** Adds the batches in a process that is killed as soon as the last `add` is fulfilled. */
function addAndDie(batches: readonly (readonly SearchDocument[])[]): void {
  const script = join(import.meta.dirname, "add-and-die.fixture.ts");
  const child = spawnSync(process.execPath, [script, path], {
    input: JSON.stringify(batches),
    encoding: "utf8",
  });
  expect([child.stderr, child.signal]).toEqual(["", "SIGKILL"]);
}

describe("a file", () => {
  it("holds what was added when the process is killed right after, time and again", async () => {
    const uuid = anId();
    let total = 1;
    for (let round = 1; round <= 3; round++) {
      const batch = Array.from({ length: 50 }, (_, i) =>
        crash({ signature: "kept", date_processed: i % 2 === 0 ? "2026-08-19" : "2026-07-01" }),
      );
      addAndDie([batch, [crash({ uuid, signature: `round ${round}` })]]);
      total += batch.length;
      const engine = await open();
      expect((await search(engine)).total).toBe(total);
      expect(await signatures(engine, "signature=!kept")).toEqual([`round ${round}`]);
      await engine.close();
    }
  });

  it("lets a crash be replaced after it was closed and opened", async () => {
    const uuid = anId();
    for (const signature of ["1", "2", "3"]) {
      const engine = await open();
      await engine.add([crash({ uuid, signature })]);
      expect(await signatures(engine)).toEqual([signature]);
      await engine.close();
    }
  });

  it("gets the columns of fields that came later", async () => {
    const old = crash({ signature: "old", uptime: 5 });
    const before = await open();
    await before.add([old]);
    await before.close();
    await sql(
      `ALTER TABLE crashes_${old.week} DROP COLUMN uptime`,
      `ALTER TABLE crashes_${old.week} DROP COLUMN platform`,
    );
    const engine = await open();
    await engine.add([crash({ signature: "new", uptime: 5, os_name: "Linux" })]);
    expect(await signatures(engine, "uptime=__null__&platform=__null__")).toEqual(["old"]);
    expect(await signatures(engine, "uptime=5&platform=Linux")).toEqual(["new"]);
  });

  it("can be used when a kill came between the two tables of a week", async () => {
    const document = crash({ signature: "a" });
    await sql(`CREATE TABLE replaced_${document.week} (_version BIGINT)`);
    const engine = await open();
    await engine.check();
    await engine.add([document]);
    expect(await signatures(engine)).toEqual(["a"]);
  });

  it("may hold tables of others, and is left with them", async () => {
    await sql("CREATE TABLE crashes_notes (text VARCHAR)", `CREATE TABLE "crashes_1'; --" (x INTEGER)`);
    const engine = await open();
    await engine.add([crash({ signature: "a" })]);
    expect(await engine.dropWeeksBefore("999999")).toHaveLength(1);
    await engine.close();
    await sql("SELECT text FROM crashes_notes");
  });

  it("is refused, with a reason, when it cannot be opened", async () => {
    const options = { path: join(folder, "absent", "search.duckdb"), memoryLimitMb };
    await expect(openDuckDbEngine(options)).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    await expect(openDuckDbEngine(options)).rejects.toThrow("search.duckdb");
  });

  it("is refused to a second process", async () => {
    const engine = await open();
    const script = join(import.meta.dirname, "add-and-die.fixture.ts");
    const child = spawnSync(process.execPath, [script, path], { input: "[]", encoding: "utf8" });
    expect(child.status).toBe(1);
    expect(child.stderr).toContain("SEARCH_UNAVAILABLE");
    await engine.check();
  });
});

describe("two openers of a file", () => {
  it("see each other's crashes at once, and replace them", async () => {
    const [one, two] = await Promise.all([open(), open()]);
    const uuid = anId();
    await one.add([crash({ uuid, signature: "one" })]);
    expect(await signatures(two)).toEqual(["one"]);
    await two.add([crash({ uuid, signature: "two" })]);
    expect(await signatures(one)).toEqual(["two"]);
    await Promise.all([one, two].map((engine, i) => engine.add([crash({ uuid, signature: `${i}` })])));
    expect(await signatures(one)).toEqual(["1"]);
  });

  it("do not close it under each other", async () => {
    const [one, two] = [await open(), await open()];
    await one.close();
    await one.close();
    await two.add([crash({ signature: "a" })]);
    expect(await signatures(two)).toEqual(["a"]);
    await two.close();
    expect(await signatures(await open())).toEqual(["a"]);
  });
});

describe("a failed add", () => {
  it("leaves nothing behind, and what follows is added", async () => {
    const engine = await open();
    const good = crash({ signature: "good", date_processed: "2026-08-18" });
    const bad = { ...crash(), week: "202601", fields: { uuid: anId(), uptime: "no number" } };
    const failing = engine.add([good, bad]);
    const following = engine.add([crash({ signature: "following" })]);
    await expect(failing).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    await following;
    expect(await signatures(engine)).toEqual(["following"]);
    expect(await engine.has([good.uuid])).toEqual(new Set());
  });

  it("is what becomes of a document whose week is none", async () => {
    const engine = await open();
    const document = { ...crash(), week: '202633" (x INTEGER); --' };
    await expect(engine.add([document])).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    await engine.check();
  });
});

describe("dropping weeks", () => {
  it("drops whole weeks before the given one and leaves the rest", async () => {
    const engine = await open();
    const days = ["2026-06-01", "2026-07-01", "2026-08-18"];
    const documents = days.map((day) => crash({ date_processed: day, signature: day }));
    await engine.add(documents);
    expect(await engine.dropWeeksBefore(documents[1]!.week)).toEqual([documents[0]!.week]);
    expect(await signatures(engine)).toEqual(days.slice(1));
    expect(await engine.has([documents[0]!.uuid])).toEqual(new Set());
    await engine.add([documents[0]!]);
    expect(await signatures(engine)).toEqual(days);
  });

  it("does not bring back the version of a crash that was replaced in another week", async () => {
    const engine = await open();
    const uuid = anId();
    await engine.add([crash({ uuid, signature: "newer week" })]);
    await engine.add([crash({ uuid, signature: "older week", date_processed: "2026-06-01" })]);
    await engine.dropWeeksBefore("202630");
    expect(await signatures(engine)).toEqual([]);
    expect(await engine.has([uuid])).toEqual(new Set());
  });
});

describe("health", () => {
  it("is refused when the newest week cannot be read", async () => {
    const engine = await open();
    const document = crash();
    await engine.add([document]);
    await sql(`DROP TABLE replaced_${document.week}`);
    await expect(engine.check()).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
  });

  it("is refused when DuckDB gives up the database, which is then opened anew with all that was added", async () => {
    const engine = await open();
    const other = await open();
    await engine.add([crash({ signature: "before" })]);
    await engine.check();
    // DuckDB's own way to make a checkpoint fail at the worst moment, which it takes for fatal.
    const breaking = sql("SET GLOBAL debug_checkpoint_abort = 'before_header'", "CHECKPOINT");
    await expect(breaking).rejects.toThrow();
    const refused = await Promise.allSettled([
      engine.check(),
      engine.add([crash({ signature: "lost" })]),
      signatures(other),
    ]);
    expect(refused.map(({ status }) => status)).toEqual(["rejected", "rejected", "rejected"]);
    await engine.check();
    expect(await signatures(other)).toEqual(["before"]);
    await other.add([crash({ signature: "after" })]);
    expect(await signatures(engine)).toEqual(["after", "before"]);
  });

  it("stays refused while the database cannot be opened anew, and no longer", async () => {
    const engine = await open();
    await engine.add([crash({ signature: "a" })]);
    // Whoever else in the process has the file open keeps what DuckDB gave up.
    const instance = await DuckDBInstance.fromCache(path, instanceOptions(memoryLimitMb));
    await expect(sql("SET GLOBAL debug_checkpoint_abort = 'before_header'", "CHECKPOINT")).rejects.toThrow();
    for (let i = 0; i < 3; i++)
      await expect(engine.check()).rejects.toMatchObject({ code: "SEARCH_UNAVAILABLE" });
    instance.closeSync();
    await engine.check();
    expect(await signatures(engine)).toEqual(["a"]);
  });
});

describe("the stacks", () => {
  const orderedRows = async (week: string): Promise<number> => {
    const instance = await DuckDBInstance.fromCache(path, instanceOptions(memoryLimitMb));
    const connection = await instance.connect();
    try {
      const answer = await connection.runAndReadAll("SELECT rows FROM sorted_stacks WHERE week = $1", [week]);
      return Number(answer.getRows()[0]?.[0] ?? 0);
    } finally {
      connection.closeSync();
      instance.closeSync();
    }
  };

  it("of a week that gets no more crashes are put in order after a start, too", async () => {
    const frames = Array.from({ length: 400 }, (_, i) => ({ function: `f${i}`, module: `m${i}.dll` }));
    const deep = (i: number): SearchDocument =>
      crash({
        date_processed: "2026-07-01",
        crashing_thread: 0,
        json_dump: { threads: [{ frames: [{ function: `top${i}` }, ...frames] }] },
      });
    const old = Array.from({ length: 40 }, (_, i) => deep(i));
    const before = await open();
    await before.add(old);
    const { week } = old[0]!;
    await before.close();
    const engine = await open();
    expect(await orderedRows(week)).toBe(0);
    await engine.add([crash()]);
    const rows = await orderedRows(week);
    expect(rows).toBeGreaterThan(50_000);
    await engine.close();
    const again = await open();
    await again.add([crash()]);
    expect(await orderedRows(week)).toBe(rows);
    expect((await search(again, "stack_function=top7")).total).toBe(1);
  });
});
