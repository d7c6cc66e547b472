import { expect, it } from "vitest";
import { giveBuffer, takeBuffer } from "./buffers.ts";

it("is used again by one body at a time", () => {
  const first = takeBuffer(100_000);
  expect(first.length).toBe(131_072);
  giveBuffer(first);
  expect(takeBuffer(90_000)).toBe(first);
  expect(takeBuffer(90_000)).not.toBe(first);
});

it("keeps no more than a bounded amount, and none of the large ones", () => {
  const buffers = Array.from({ length: 40 }, () => takeBuffer(4 * 1024 * 1024));
  for (const buffer of buffers) giveBuffer(buffer);
  const again = Array.from({ length: 40 }, () => takeBuffer(4 * 1024 * 1024));
  expect(again.filter((buffer) => buffers.includes(buffer)).length).toBeLessThanOrEqual(16);
  const large = takeBuffer(5 * 1024 * 1024);
  giveBuffer(large);
  expect(takeBuffer(5 * 1024 * 1024)).not.toBe(large);
});
