import { mkdir, mkdtemp, open, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BLOCK_BYTES, blockMemory } from "@mayday/storage/direct-io";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeEntry, type Entry } from "./entry.ts";
import { Journal } from "./journal.ts";
import { endPlaces, type Place } from "./segment.ts";

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
/** Files of four blocks: a header and three small entries. */
async function openJournal({ maxBytes = 1e6, segmentBytes = 4 * BLOCK_BYTES } = {}) {
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
const bytesOf = ({ segment, at, length }: Place) => segment.read(blockMemory(length).subarray(0, length), at);
const read = async (place: Place) => decodeEntry(await bytesOf(place));
const idsOf = async (places: readonly Place[]) =>
  (await Promise.all(places.map(read))).map((found) => found?.id);
const moveAll = async (places: readonly Place[]) => {
  for (const { segment } of places) await segment.moved(1);
};
async function overwrite(path: string, at: number, bytes: Uint8Array) {
  const file = await open(path, "r+");
  await file.write(bytes, 0, bytes.length, at);
  await file.close();
}

describe("the journal", () => {
  it("keeps what it wrote in memory, too, as it stands in the file, until it is moved", async () => {
    const { journal } = await openJournal();
    const places = await append(journal, ...["a", "b", "c", "d"].map((id) => entry(id, 600)));
    for (const place of places) {
      const from = place.copy?.at ?? Number.NaN;
      expect(journal.recent.subarray(from, from + place.length).equals(await bytesOf(place))).toBe(true);
    }
    // The first write of a file has its header, too.
    expect(places.map(({ copy }) => (copy?.at ?? 0) / BLOCK_BYTES)).toEqual([1, 2, 3, 5]);
  });

  it("writes on when that memory is used up", async () => {
    const { journal } = await openJournal({ maxBytes: 1e9, segmentBytes: 1e6 });
    const size = 7e6;
    const ids = Array.from({ length: 20 }, (_, index) => `e${index}`);
    const places = await append(journal, ...ids.map((id) => entry(id, size)));
    expect(places.filter(({ copy }) => copy === undefined).length).toBeGreaterThan(0);
    expect(await idsOf(places)).toEqual(ids);
    await endPlaces(places);
    const [next] = await append(journal, entry("next", size));
    expect(next?.copy?.at).toBe(BLOCK_BYTES);
  });

  it("gives back after a kill what it was given, in its order", async () => {
    const { journal } = await openJournal();
    await append(journal, ...["a", "b", "c", "d", "e"].map((id) => entry(id, 600)));
    // No close: the process is gone.
    const { left, damaged } = await openJournal();
    expect(await idsOf(left)).toEqual(["a", "b", "c", "d", "e"]);
    expect(await read(left[1] as Place)).toEqual(entry("b", 600));
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

  it("uses a file again when all that stood in it is moved, and not before", async () => {
    const { journal } = await openJournal();
    const ids = ["a", "b", "c", "d", "e", "f", "g"];
    const places = await append(journal, ...ids.map((id) => entry(id)));
    const [first, second, third] = [...new Set(places.map(({ segment }) => segment.path))];
    expect([first, second, third].every((path) => path !== undefined)).toBe(true);
    await moveAll(places.slice(1, 3));
    expect(await idsOf([places[0] as Place])).toEqual(["a"]);
    await places[0]?.segment.moved(1);
    const moreIds = ["h", "i", "j", "k", "l", "m", "n", "o"];
    const more = await append(journal, ...moreIds.map((id) => entry(id)));
    expect(more.map(({ segment }) => segment.path)).toContain(first);
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([...ids.slice(3), ...moreIds]);
  });

  it("keeps files of a quarter of what it may hold to be used again, and no more", async () => {
    const segmentBytes = 4 * BLOCK_BYTES;
    const { journal } = await openJournal({ maxBytes: 16 * segmentBytes, segmentBytes });
    const places = await append(journal, ...Array.from({ length: 30 }, (_, index) => entry(`e${index}`)));
    const inUse = await readdir(folder);
    expect(inUse.length).toBeGreaterThanOrEqual(10);
    await moveAll(places);
    // Beside them the one that is written to, and the one that was opened ahead.
    expect((await readdir(folder)).length).toBe(4 + 2);
    const again = await append(journal, ...["a", "b", "c", "d"].map((id) => entry(id)));
    expect(inUse).toEqual(expect.arrayContaining(await readdir(folder)));
    expect(await idsOf(again)).toEqual(["a", "b", "c", "d"]);
  });

  it("does not take for an entry what stands behind its last one from the file's earlier use", async () => {
    const { journal } = await openJournal();
    await moveAll(await append(journal, entry("a"), entry("b"), entry("c")));
    await journal.close();
    const again = (await openJournal()).journal;
    const [place] = await append(again, entry("d"));
    expect(place?.segment.capacity).toBe(4 * BLOCK_BYTES);
    const { left, damaged } = await openJournal();
    expect(await idsOf(left)).toEqual(["d"]);
    expect(damaged).toEqual([]);
  });

  it("leaves nothing to be moved when all is moved, and a file for the next start", async () => {
    const { journal } = await openJournal();
    await moveAll(await append(journal, entry("a"), entry("b")));
    await journal.close();
    expect((await readdir(folder)).length).toBeLessThanOrEqual(2);
    expect((await openJournal()).left).toEqual([]);
  });

  it("gives an entry that is too large for its files one of its own", async () => {
    const { journal } = await openJournal();
    const [place] = await append(journal, entry("large", 300_000), entry("small"));
    const { left } = await openJournal();
    expect(await read(left[0] as Place)).toEqual(entry("large", 300_000));
    expect(await idsOf(left)).toEqual(["large", "small"]);
    await left[0]?.segment.moved(1);
    await expect(stat(place?.segment.path ?? "")).rejects.toThrow("ENOENT");
  });

  it("lays large objects out in blocks of their own", async () => {
    const { journal } = await openJournal({ segmentBytes: 1e6 });
    const [place] = await append(journal, entry("a", 100_000));
    const bytes = await bytesOf(place as Place);
    expect(bytes.indexOf("a".repeat(100)) % BLOCK_BYTES).toBe(0);
    expect(decodeEntry(bytes)).toEqual(entry("a", 100_000));
  });

  it("refuses what does not fit", async () => {
    const { journal } = await openJournal({ maxBytes: 4 * BLOCK_BYTES });
    await journal.append(entry("a", 7000));
    await expect(journal.append(entry("b", 7000))).rejects.toMatchObject({ code: "JOURNAL_FULL" });
    await journal.append(entry("c", 10));
  });

  it("takes more after its disk failed, in a new file", async () => {
    const { journal } = await openJournal();
    await journal.append(entry("a"));
    await rm(folder, { recursive: true });
    // The open file still takes entries; a new one cannot be made.
    for (const id of ["b", "c"]) await journal.append(entry(id));
    await expect(journal.append(entry("d"))).rejects.toThrow("ENOENT");
    await expect(journal.check()).rejects.toThrow("ENOENT");
    await mkdir(folder);
    await journal.append(entry("e"));
    await journal.check();
  });

  it.each([1, 15, 16, 40, 700])(
    "forgets an entry of the last write that lacks its last %i bytes: nobody was answered",
    async (cut) => {
      const { journal } = await openJournal();
      const places = await append(journal, entry("a", 600), entry("b", 600));
      const { segment, at } = places[1] as Place;
      const length = (await bytesOf(places[1] as Place)).lastIndexOf("}") + 1;
      await overwrite(segment.path, at + length - Math.min(cut, length), Buffer.alloc(cut));
      const { left, damaged } = await openJournal();
      expect(await idsOf(left)).toEqual(["a"]);
      expect(damaged).toEqual([]);
    },
  );

  it("keeps what is no segment out of the way", async () => {
    await writeFile(join(folder, "000000000007.segment"), Buffer.alloc(10_000, "junk"));
    const { journal, left, damaged } = await openJournal();
    await journal.append(entry("a"));
    expect([left.length, damaged.length]).toEqual([0, 1]);
    expect(await readdir(folder)).toContain("000000000007.segment.damaged");
  });

  it("finds what stands behind an entry whose beginning cannot be read, and keeps the file", async () => {
    const { journal } = await openJournal();
    const places = await append(journal, entry("a"), entry("b"), entry("c"), entry("d"));
    await overwrite((places[1] as Place).segment.path, places[1]?.at ?? 0, Buffer.alloc(8));
    const { left, damaged } = await openJournal();
    expect(await idsOf(left)).toEqual(["a", "c", "d"]);
    expect(damaged).toHaveLength(1);
    await moveAll(left.slice(0, 2));
    expect(await readdir(folder)).toContainEqual(expect.stringMatching(/\.segment\.damaged$/));
  });

  it("sees a bit that flipped on the disk", async () => {
    const { journal } = await openJournal();
    const [place] = await append(journal, entry("a", 600), entry("b"));
    await overwrite((place as Place).segment.path, (place as Place).at + 300, Buffer.from("x"));
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([undefined, "b"]);
  });

  it("checks objects by their digests where these are known", async () => {
    const { journal } = await openJournal();
    const bytes = Buffer.from("a dump");
    const sha256 = "0".repeat(64);
    await append(
      journal,
      { queue: "standard", id: "a", objects: [{ key: "v1/dump/a", bytes, sha256 }] },
      entry("b"),
    );
    const { left } = await openJournal();
    expect(await idsOf(left)).toEqual([undefined, "b"]);
  });
});
