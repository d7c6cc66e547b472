import { mkdir, mkdtemp, open, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CrashId } from "@mayday/crash";
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

const entry = (id: string, size = 600): Entry => ({
  crashId: id as CrashId,
  objects: [
    { key: `v1/dump/${id}`, bytes: Buffer.alloc(size, id) },
    { key: `v1/raw_crash/${id}`, bytes: Buffer.from(`{"uuid":"${id}"}`) },
  ],
});
const opened: Journal[] = [];
afterEach(async () => {
  for (const journal of opened.splice(0)) await journal.close().catch(() => undefined);
});
/** Files that hold three entries. */
const SEGMENT_BYTES = 2500;
async function openJournal({ maxBytes = 1e6, segmentBytes = SEGMENT_BYTES } = {}) {
  const open = await Journal.open({ folder, maxBytes, segmentBytes });
  opened.push(open.journal);
  return open;
}
/** Appends one after the other: each is a write of its own. */
async function append(journal: Journal, ...entries: Entry[]): Promise<Place[]> {
  const places: Place[] = [];
  journal.onAppended = (added) => places.push(...added);
  for (const entry of entries) await journal.append(entry);
  return places;
}
const bytesOf = async ({ path, at, length }: Place) => (await readFile(path)).subarray(at, at + length);
const read = async (place: Place) => decodeEntry(await bytesOf(place));
const idsOf = async (places: readonly Place[]) =>
  (await Promise.all(places.map(read))).map((found) => found?.crashId);
async function overwrite(path: string, at: number, bytes: Uint8Array) {
  const file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

describe("the journal", () => {
  it("gives back after a kill what it was given, in its order", async () => {
    const { journal } = await openJournal();
    await append(journal, ...["a", "b", "c", "d", "e"].map((id) => entry(id)));
    // No close: the process is gone.
    const { left, damaged } = await openJournal();
    expect(await idsOf(left)).toEqual(["a", "b", "c", "d", "e"]);
    expect(await read(left[1] as Place)).toEqual(entry("b"));
    expect(damaged).toEqual([]);
  });

  it("writes once for all that arrive during a write", async () => {
    const { journal } = await openJournal({ segmentBytes: 1e6 });
    const batches: number[] = [];
    journal.onAppended = (places) => batches.push(places.length);
    await Promise.all(Array.from({ length: 50 }, (_, index) => journal.append(entry(`e${index}`))));
    expect(batches.reduce((sum, size) => sum + size)).toBe(50);
    expect(batches.length).toBeLessThanOrEqual(2);
  });

  it("gives back after a kill nothing that is in storage, when all was at a time", async () => {
    const { journal } = await openJournal({ segmentBytes: 1e6 });
    await journal.moved(await append(journal, entry("a"), entry("b")));
    await append(journal, entry("c"));
    expect(await idsOf((await openJournal({ segmentBytes: 1e6 })).left)).toEqual(["c"]);
  });

  it("uses a file again when all that stood in it is moved, and not before", async () => {
    const { journal } = await openJournal();
    const ids = ["a", "b", "c", "d", "e", "f", "g"];
    const places = await append(journal, ...ids.map((id) => entry(id)));
    const [first] = places;
    await journal.moved(places.slice(1, 3));
    expect(await idsOf([first as Place])).toEqual(["a"]);
    await journal.moved([first as Place]);
    const moreIds = ["h", "i", "j", "k", "l", "m", "n", "o"];
    const more = await append(journal, ...moreIds.map((id) => entry(id)));
    expect(more.map(({ path }) => path)).toContain(first?.path);
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([...ids.slice(3), ...moreIds]);
  });

  it("keeps files of a quarter of what it may hold to be used again, and no more", async () => {
    const { journal } = await openJournal({ maxBytes: 16 * SEGMENT_BYTES });
    const places = await append(journal, ...Array.from({ length: 30 }, (_, index) => entry(`e${index}`)));
    expect((await readdir(folder)).length).toBeGreaterThanOrEqual(10);
    await journal.moved(places);
    // Beside them the one that is written to, and the one that is used next.
    expect((await readdir(folder)).length).toBe(4 + 2);
  });

  it("does not take for an entry what stands behind its last one from the file's earlier use", async () => {
    const { journal } = await openJournal();
    await journal.moved(await append(journal, entry("a"), entry("b"), entry("c")));
    await journal.close();
    const again = (await openJournal()).journal;
    await append(again, entry("d"));
    const { left, damaged } = await openJournal();
    expect(await idsOf(left)).toEqual(["d"]);
    expect(damaged).toEqual([]);
  });

  it("leaves nothing to be moved when all is moved, and a file for the next start", async () => {
    const { journal } = await openJournal();
    await journal.moved(await append(journal, entry("a"), entry("b")));
    await journal.close();
    expect((await readdir(folder)).length).toBeLessThanOrEqual(2);
    expect((await openJournal()).left).toEqual([]);
  });

  it("gives an entry that is too large for its files one of its own", async () => {
    const { journal } = await openJournal();
    const [place] = await append(journal, entry("large", 300_000), entry("small"));
    const { journal: next, left } = await openJournal();
    expect(await read(left[0] as Place)).toEqual(entry("large", 300_000));
    expect(await idsOf(left)).toEqual(["large", "small"]);
    await next.moved([left[0] as Place]);
    await expect(stat(place?.path ?? "")).rejects.toThrow("ENOENT");
  });

  it("refuses what does not fit", async () => {
    const { journal } = await openJournal({ maxBytes: 16_000, segmentBytes: 8000 });
    await journal.append(entry("a", 7000));
    await expect(journal.append(entry("b", 9000))).rejects.toMatchObject({ code: "JOURNAL_FULL" });
    await journal.append(entry("c", 10));
  });

  it("takes more after its disk failed, in a new file", async () => {
    const { journal } = await openJournal();
    await journal.append(entry("a"));
    await rm(folder, { recursive: true });
    // The open files still take entries; a new one cannot be made.
    const appended = Promise.all(["b", "c", "d", "e", "f", "g"].map((id) => journal.append(entry(id))));
    await expect(appended).rejects.toThrow("ENOENT");
    await expect(journal.check()).rejects.toThrow("ENOENT");
    await mkdir(folder);
    await journal.append(entry("h"));
    await journal.check();
  });

  it.each([1, 15, 16, 40, 700])(
    "forgets an entry of the last write that lacks its last %i bytes: nobody was answered",
    async (cut) => {
      const { journal } = await openJournal();
      const places = await append(journal, entry("a"), entry("b"));
      const { path, at, length } = places[1] as Place;
      await overwrite(path, at + length - Math.min(cut, length), Buffer.alloc(cut));
      const { journal: next, left, damaged } = await openJournal();
      expect(await idsOf(left)).toEqual(["a"]);
      expect(damaged).toEqual([]);
      // Nor is it damage when there are later segments.
      await append(next, entry("c"));
      const last = await openJournal();
      expect([await idsOf(last.left), last.damaged]).toEqual([["a", "c"], []]);
    },
  );

  it("keeps what is no segment out of the way", async () => {
    await writeFile(join(folder, "000000000007.segment"), Buffer.alloc(10_000, "junk"));
    const { journal, left, damaged } = await openJournal();
    await journal.append(entry("a"));
    expect([left.length, damaged.length]).toEqual([0, 1]);
    expect(await readdir(folder)).toContain("000000000007.segment.damaged");
  });

  it.each([0, 17, 39])(
    "finds what stands behind an entry whose frame is damaged at byte %i, and keeps the file",
    async (byte) => {
      const { journal } = await openJournal();
      const places = await append(journal, entry("a"), entry("b"), entry("c"), entry("d"));
      const { path, at } = places[1] as Place;
      await overwrite(path, at + byte, Buffer.from([0xa5]));
      const { journal: next, left, damaged } = await openJournal();
      expect(await idsOf(left)).toEqual(["a", "c", "d"]);
      expect(damaged).toHaveLength(1);
      await next.moved(left.slice(0, 2));
      expect(await readdir(folder)).toContainEqual(expect.stringMatching(/\.segment\.damaged$/));
    },
  );

  it("sees a bit that flipped on the disk", async () => {
    const { journal } = await openJournal();
    const [place] = await append(journal, entry("a"), entry("b"));
    await overwrite((place as Place).path, (place as Place).at + 300, Buffer.from("x"));
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([undefined, "b"]);
  });

  it("checks objects by their digests where these are known", async () => {
    const { journal } = await openJournal();
    const bytes = Buffer.from("a dump");
    const sha256 = "0".repeat(64);
    await append(journal, { crashId: undefined, objects: [{ key: "v1/dump/a", bytes, sha256 }] }, entry("b"));
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([undefined, "b"]);
  });

  it("leaves a file alone that somebody else made where it wanted to make one", async () => {
    const { journal } = await openJournal();
    await append(journal, entry("a"));
    const theirs = join(folder, "000000000003.segment");
    await writeFile(theirs, "theirs");
    await Promise.allSettled(["b", "c", "d", "e", "f", "g"].map((id) => journal.append(entry(id))));
    await append(journal, entry("h"));
    expect(await readFile(theirs, "utf8")).toBe("theirs");
  });
});
