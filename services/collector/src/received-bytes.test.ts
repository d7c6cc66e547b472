import { describe, expect, it } from "vitest";
import { takeMemory } from "./body-memory.ts";
import { ReceivedBytes } from "./received-bytes.ts";

/** A chunk that is alone in its memory, as Node's HTTP parser hands them out. */
const chunk = (text: string) => {
  const bytes = Buffer.allocUnsafeSlow(text.length);
  bytes.write(text);
  return bytes;
};

describe("received bytes", () => {
  it.each([0, 5, 11, 1000])("are what came, in one piece, with %i bytes announced", (announced) => {
    const received = new ReceivedBytes(announced);
    const chunks = ["hello", " ", "world"].map(chunk);
    for (const piece of chunks) received.add(piece);
    expect(received.bytes().toString()).toBe("hello world");
    expect(received.length).toBe(11);
    expect(chunks.map(({ length }) => length)).toEqual([0, 0, 0]);
  });

  it("take no more memory than a mebibyte on a sender's word", () => {
    const received = new ReceivedBytes(25 * 1024 * 1024);
    const { buffer, byteOffset } = received.bytes();
    received.release();
    expect(takeMemory(1024 * 1024)).toMatchObject({ buffer, byteOffset });
  });

  it("leave a chunk alone that shares its memory with others", () => {
    const shared = Buffer.allocUnsafeSlow(10).fill("x");
    new ReceivedBytes(5).add(shared.subarray(0, 5));
    expect(shared.toString()).toBe("xxxxxxxxxx");
  });
});
