import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { describe, expect, it } from "vitest";
import { withBody } from "./body.ts";
import { MemoryBudget } from "./memory-budget.ts";

const LIMIT = 5_000_000;

/** A request whose body is read in the test's hands. */
const request = () =>
  Object.assign(new Readable({ read: () => undefined, autoDestroy: false }), {
    headers: {},
  }) as unknown as IncomingMessage;
const budget = new MemoryBudget(LIMIT);
const read = (from: IncomingMessage, work = async (bytes: Buffer) => bytes.toString()) =>
  withBody(from, { maxBytes: 10 }, budget, work);

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
    expect(budget.used).toBe(0);
  });

  it("leaves its memory to whoever works with it when the client hangs up behind it", async () => {
    const first = request();
    const told = read(first, async (bytes) => {
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
