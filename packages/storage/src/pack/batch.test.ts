import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { blockMemory } from "../direct-io/index.ts";
import { decodeFront, encodeBatch, placesIn, readHead } from "./batch.ts";

const memory = blockMemory(80_000);
memory.set(memory.map((_, index) => index));

const objects = fc.array(
  fc.record({
    key: fc.string({ minLength: 1, maxLength: 60 }),
    bytes: fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.integer({ min: 65_530, max: 70_000 }).map((length) => new Uint8Array(length).fill(length)),
      fc
        .tuple(fc.integer({ min: 65_530, max: 70_000 }), fc.nat(10_000))
        .map(([length, from]) => memory.subarray(from, from + length)),
    ),
  }),
  { minLength: 1, maxLength: 12 },
);

const leadOf = ({ buffer, byteOffset }: Uint8Array) => (buffer === memory.buffer ? byteOffset % 4096 : 0);

/** As a writer lays it out. */
function written({ front, large, length }: ReturnType<typeof encodeBatch>): Buffer {
  const bytes = Buffer.alloc(length);
  let at = 0;
  for (const piece of front) at += Buffer.from(piece).copy(bytes, at);
  for (const piece of large) {
    at = Math.ceil(at / 4096) * 4096 + leadOf(piece);
    at += Buffer.from(piece).copy(bytes, at);
  }
  return bytes;
}

describe("a batch of a pack", () => {
  it("says where each of its objects stands, large ones as far behind a block as in memory", () => {
    fc.assert(
      fc.property(objects, fc.integer({ min: 0, max: 2 ** 40 }), (stored, savedAt) => {
        const batch = encodeBatch(stored, savedAt);
        const bytes = written(batch);
        const head = readHead(bytes);
        expect(head).toEqual({ length: batch.length, frontBytes: batch.frontBytes });
        const layout = decodeFront(bytes.subarray(0, batch.frontBytes));
        expect(layout).toMatchObject({ savedAt, length: batch.length });
        const places = placesIn({ ...layout!, at: 0 });
        expect(places.map(({ key }) => key)).toEqual(stored.map(({ key }) => key));
        for (const [index, { at, size }] of places.entries()) {
          expect(bytes.subarray(at, at + size).equals(stored[index]!.bytes)).toBe(true);
          if (size >= 65_536) expect(at % 4096).toBe(leadOf(stored[index]!.bytes));
        }
      }),
    );
  });

  it("is known to be damaged where a byte of its front is another", () => {
    const batch = encodeBatch([{ key: "v1/a", bytes: Buffer.from("small") }], 1);
    const front = written(batch).subarray(0, batch.frontBytes);
    for (let at = 0; at < front.length; at++) {
      const damaged = Buffer.from(front);
      damaged[at]! ^= 1;
      expect(decodeFront(damaged), `byte ${at}`).toBeUndefined();
    }
  });

  it("is not found in what is none", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
        expect(readHead(Buffer.from(bytes))).toBeUndefined();
        expect(decodeFront(Buffer.from(bytes))).toBeUndefined();
      }),
    );
  });
});
