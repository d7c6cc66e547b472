import { describe, expect, it } from "vitest";
import { type MovablePlace, READ_BYTES } from "./entry-reader.ts";
import { WaitingPlaces } from "./waiting-places.ts";

const segment = { path: "", read: async (bytes: Buffer) => bytes };
const inMemory = (length: number): MovablePlace => ({ segment, at: 0, length, copy: { at: 0 } });
const onDisk = (length: number): MovablePlace => ({ segment, at: 0, length });

function waiting(...places: MovablePlace[]): WaitingPlaces<MovablePlace> {
  const all = new WaitingPlaces<MovablePlace>();
  all.add(places);
  return all;
}
const lengths = (places: readonly MovablePlace[]) => places.map(({ length }) => length);

describe("places that wait to be moved", () => {
  it("go in their order, those in memory first", () => {
    const all = waiting(onDisk(1), inMemory(2), onDisk(3), inMemory(4));
    expect(lengths(all.take({ entries: 3, bytes: 100 }))).toEqual([2, 4, 1]);
    expect(all.count).toBe(1);
    expect(lengths(all.take({ entries: 3, bytes: 100 }))).toEqual([3]);
    expect([all.count, all.take({ entries: 3, bytes: 100 })]).toEqual([0, []]);
  });

  it("go as many at a time as the limits allow, and one that is larger", () => {
    const all = waiting(inMemory(50), inMemory(60), inMemory(500), onDisk(30), onDisk(600));
    const batches = Array.from({ length: 4 }, () => lengths(all.take({ entries: 9, bytes: 120 })));
    expect(batches).toEqual([[50, 60], [500], [30], [600]]);
  });

  it("are read from the disk a little at a time", () => {
    const all = waiting(inMemory(1), onDisk(READ_BYTES - 1), onDisk(2));
    expect(lengths(all.take({ entries: 9, bytes: 4 * READ_BYTES }))).toEqual([1, READ_BYTES - 1]);
  });
});
