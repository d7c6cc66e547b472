import { appendFile, mkdir, mkdtemp, open, readdir, rm, truncate } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeEntry, type Entry } from "./entry.ts";
import { Journal } from "./journal.ts";
import type { Place } from "./segment.ts";

const top = await mkdtemp(join(tmpdir(), "mayday-journal-"));
afterAll(() => rm(top, { recursive: true, force: true }));
let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(top, "j-"));
});

const entry = (id: string, size = 10): Entry => ({
  queue: "standard",
  id,
  objects: [
    { key: `v1/dump/${id}`, bytes: Buffer.alloc(size, id) },
    { key: `v1/raw_crash/${id}`, bytes: Buffer.from(`{"uuid":"${id}"}`) },
  ],
});
const opened: Journal[] = [];
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close();
});
async function openJournal(maxBytes = 1e6, segmentBytes = 1000) {
  const open = await Journal.open({ folder, maxBytes, segmentBytes });
  opened.push(open.journal);
  return open;
}
const read = async ({ segment, at, length }: Place) =>
  decodeEntry(await segment.read(Buffer.alloc(length), at));
const onlyFile = async () => join(folder, (await readdir(folder))[0] as string);

describe("the journal", () => {
  it("gives back after a kill what it was given, in its order", async () => {
    const { journal } = await openJournal();
    for (const id of ["a", "b", "c"]) await journal.append(entry(id, 600));
    // No close: the process is gone.
    const { left, damaged } = await openJournal();
    const entries = await Promise.all(left.map(read));
    expect(entries.map((found) => found?.id)).toEqual(["a", "b", "c"]);
    expect(entries[1]).toEqual(entry("b", 600));
    expect(damaged).toEqual([]);
  });

  it("syncs once for all that arrive during a sync", async () => {
    const { journal } = await openJournal(1e6, 1e6);
    const batches: number[] = [];
    journal.onAppended = (places) => batches.push(places.length);
    await Promise.all(Array.from({ length: 50 }, (_, index) => journal.append(entry(`e${index}`))));
    expect(batches.reduce((sum, size) => sum + size)).toBe(50);
    expect(batches.length).toBeLessThanOrEqual(2);
  });

  it("removes a segment when all of it is moved, and nothing before", async () => {
    const { journal } = await openJournal(1e6, 100);
    const places: Place[] = [];
    journal.onAppended = (added) => places.push(...added);
    await journal.append(entry("a"));
    await journal.append(entry("b"));
    await places[1]?.segment.moved(1);
    expect(await readdir(folder)).toHaveLength(2);
    await places[0]?.segment.moved(1);
    await journal.close();
    expect(await readdir(folder)).toEqual([]);
  });

  it("refuses what does not fit", async () => {
    const { journal } = await openJournal(1000);
    await journal.append(entry("a", 700));
    await expect(journal.append(entry("b", 700))).rejects.toMatchObject({ code: "JOURNAL_FULL" });
    await journal.append(entry("c", 10));
  });

  it("takes more after its disk failed, in a new file", async () => {
    const { journal } = await openJournal();
    await journal.append(entry("a"));
    await rm(folder, { recursive: true });
    // The open file still takes entries; a new one cannot be made.
    for (const id of ["b", "c", "d"]) await journal.append(entry(id, 900)).catch(() => undefined);
    await expect(journal.append(entry("e", 900))).rejects.toThrow("ENOENT");
    await expect(journal.check()).rejects.toThrow("ENOENT");
    await mkdir(folder);
    await journal.append(entry("f"));
    await journal.check();
  });

  it.each([1, 15, 16, 40, 700])(
    "forgets an entry that lacks its last %i bytes: nobody was answered",
    async (cut) => {
      const { journal } = await openJournal();
      await journal.append(entry("a", 600));
      const whole = journal.bytes;
      await journal.append(entry("b", 600));
      await truncate(await onlyFile(), Math.max(journal.bytes - cut, whole));
      const { left, damaged } = await openJournal();
      expect((await Promise.all(left.map(read))).map((found) => found?.id)).toEqual(["a"]);
      expect(damaged).toEqual([]);
    },
  );

  it("keeps a segment that holds something else, and what stands before it", async () => {
    const { journal } = await openJournal();
    await journal.append(entry("a"));
    await appendFile(await onlyFile(), Buffer.alloc(100, "junk"));
    const { left, damaged } = await openJournal();
    expect(left).toHaveLength(1);
    expect(damaged).toHaveLength(1);
    await left[0]?.segment.moved(1);
    expect(await readdir(folder)).toEqual([expect.stringMatching(/\.segment\.damaged$/)]);
  });

  it("sees a bit that flipped on the disk", async () => {
    const { journal } = await openJournal();
    await journal.append(entry("a", 600));
    const file = await open(await onlyFile(), "r+");
    await file.write(Buffer.from("x"), 0, 1, 300);
    await file.close();
    const { left } = await openJournal();
    expect(await read(left[0] as Place)).toBeUndefined();
  });
});
