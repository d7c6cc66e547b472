import { once } from "node:events";
import { PassThrough, Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { wholeStream } from "./streams.ts";

describe("a stream out of a store", () => {
  it("ends well when all its bytes came", async () => {
    const pieces = await Array.fromAsync(wholeStream(Readable.from([Buffer.from("all")]), 3));
    expect(Buffer.concat(pieces).toString()).toBe("all");
  });

  it("that is short is an error, not an end", async () => {
    const reading = Array.fromAsync(wholeStream(Readable.from([Buffer.from("al")]), 3));
    await expect(reading).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
    await expect(reading).rejects.toThrow("2 of 3 bytes came");
  });

  it.each([
    ["breaks", new Error("the wire broke")],
    ["is cut", undefined],
  ])("that %s half-way is an error, also for a reader that begins late", async (_what, error) => {
    const source = new PassThrough();
    source.write("al");
    const stream = wholeStream(source, 3);
    const closed = new Promise((done) => source.once("close", done));
    source.destroy(error);
    await closed;
    await expect(Array.fromAsync(stream)).rejects.toMatchObject({ code: "STORAGE_UNAVAILABLE" });
  });

  it("that is left before its first byte lets go of its source", async () => {
    const source = new PassThrough();
    const closed = once(source, "close");
    wholeStream(source, 3).destroy();
    await closed;
  });
});
