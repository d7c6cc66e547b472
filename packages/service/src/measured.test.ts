import { createMetrics } from "@mayday/observability";
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
    const metrics = createMetrics();
    const shelf = measuredStore(new Shelf(), metrics);
    expect(await shelf.get(1)).toBe("b");
    await expect(shelf.get(5)).rejects.toThrow("not there");
    expect(await Array.fromAsync(shelf.list())).toEqual(["a", "b"]);
    const text = await metrics.text();
    expect(text).toContain('store_seconds_count{call="get"} 2');
    expect(text).toContain('store_seconds_count{call="list"} 1');
    expect(text).toContain('store_failures_total{call="get"} 1');
  });
});
