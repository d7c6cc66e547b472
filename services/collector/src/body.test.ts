import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { isAtBlock } from "@mayday/storage/direct-io";
import { describe, expect, it } from "vitest";
import { inflated, type ReceivedBody, withBody } from "./body.ts";
import { takeMemory } from "./body-memory.ts";
import { MemoryBudget } from "./memory-budget.ts";

const LIMIT = 5_000_000;
const text = Buffer.from("a crash report\r\n".repeat(1000));

/** gzip ends with the size of what went in; here it lies. */
function saying(size: number, gzip: Buffer): Buffer {
  const lying = Buffer.from(gzip);
  lying.writeUInt32LE(size, lying.length - 4);
  return lying;
}

/** A request whose body is read in the test's hands. */
const request = () =>
  Object.assign(new Readable({ read: () => undefined, autoDestroy: false }), {
    headers: {},
  }) as unknown as IncomingMessage;
const read = (from: IncomingMessage, work = async (body: ReceivedBody) => body.bytes.toString()) =>
  withBody(from, 10, new MemoryBudget(LIMIT), work);

describe("reading a body", () => {
  it("gives its memory back when the client hangs up or sends too much", async () => {
    for (let count = 0; count < 200; count++) {
      const [gone, large] = [request(), request()];
      const both = [read(gone), read(large)];
      gone.push("abc");
      large.push("more than ten bytes");
      setImmediate(() => gone.destroy());
      expect(await Promise.allSettled(both)).toMatchObject([
        { status: "rejected" },
        { reason: { code: "BODY_TOO_LARGE" } },
      ]);
    }
    expect(isAtBlock(takeMemory(1000))).toBe(true);
  });

  it("leaves its memory to whoever works with it when the client hangs up behind it", async () => {
    const first = request();
    const told = read(first, async ({ bytes }) => {
      first.destroy(new Error("ECONNRESET"));
      await new Promise(setImmediate);
      const next = request();
      const other = read(next);
      next.push("other");
      next.push(null);
      return `${await other}, ${bytes}`;
    });
    first.push("first");
    first.push(null);
    expect(await told).toBe("other, first");
  });
});

describe("undoing gzip", () => {
  it.each([
    ["nothing", Buffer.alloc(0)],
    ["a small body", text],
    ["a large body", Buffer.alloc(3_000_000, text)],
  ])("gives back %s", async (_, bytes) => {
    expect((await inflated(gzipSync(bytes), LIMIT)).equals(bytes)).toBe(true);
  });

  it("takes several files in one, of which the end tells the last one's size only", async () => {
    const both = Buffer.concat([gzipSync(text), gzipSync("end")]);
    expect(await inflated(both, LIMIT)).toEqual(Buffer.concat([text, Buffer.from("end")]));
  });

  it.each([
    ["is larger than it says", saying(10, gzipSync(Buffer.alloc(LIMIT + 1)))],
    ["is larger than the limit, and says so", gzipSync(Buffer.alloc(LIMIT + 1))],
    ["says more than it is", saying(100_000, gzipSync(text))],
    ["is cut off", gzipSync(text).subarray(0, -9)],
    ["is shorter than any", Buffer.from("abc")],
    ["is something else", text],
  ])("refuses what %s", async (_, bytes) => {
    await expect(inflated(bytes, LIMIT)).rejects.toMatchObject({ code: "MALFORMED_BAD_GZIP" });
  });
});
