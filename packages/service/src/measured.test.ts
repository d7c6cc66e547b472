import { recordedMetrics } from "@mayday/observability/recorded";
import { describe, expect, it } from "vitest";
import { measuredStore } from "./measured.ts";

class Shelf {
  readonly #items = ["a", "b"];
  async get(at: number): Promise<string> {
    const item = this.#items[at];
    if (item === undefined) throw new Error("not there");
    return item;
  }
  async *list() {
    yield* this.#items;
  }
}

describe("a measured store", () => {
  it("answers as the store does, and tells how long each call took and which failed", async () => {
    const metrics = recordedMetrics();
    const shelf = measuredStore(new Shelf(), metrics);
    expect(await shelf.get(1)).toBe("b");
    await expect(shelf.get(5)).rejects.toThrow("not there");
    expect(await Array.fromAsync(shelf.list())).toEqual(["a", "b"]);
    expect(metrics.observed("store_seconds", { call: "get" })).toHaveLength(2);
    expect(metrics.observed("store_seconds", { call: "list" })).toHaveLength(1);
    expect(metrics.counted("store_failures_total", { call: "get" })).toBe(1);
  });
});
