import { describe, expect, it } from "vitest";
import { tryMutatedDumps } from "./mutated-dumps.ts";

describe("mutated dumps", () => {
  it("are walked or refused, whatever is changed in them", async () => {
    const result = await tryMutatedDumps(3000, 1);
    expect(result).not.toHaveProperty("error");
    expect(result).toMatchObject({ walked: expect.any(Number), unreadable: expect.any(Number) });
    if ("error" in result) return;
    expect(result.walked).toBeGreaterThan(2000);
    expect(result.unreadable).toBeGreaterThan(20);
    expect(result.slowestMs).toBeLessThan(2000);
  });
});
