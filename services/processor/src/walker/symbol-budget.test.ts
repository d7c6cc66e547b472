import type { MinidumpModule } from "@mayday/minidump";
import { describe, expect, it } from "vitest";
import { BudgetedSymbols } from "./symbol-budget.ts";

const module = { fileName: "app" } as MinidumpModule;
const found = { kind: "malformed", why: "test" } as const;

describe("symbols within a budget", () => {
  it("are fetched up to a number of modules", async () => {
    const symbols = new BudgetedSymbols(async () => found, { fetchMs: 10_000, modules: 2 });
    const kinds = [];
    for (let i = 0; i < 3; i++) kinds.push((await symbols.get(module)).kind);
    expect(kinds).toEqual(["malformed", "malformed", "missing"]);
    expect(symbols.refused).toBe(1);
  });

  it("are not waited for when their time is over", async () => {
    const symbols = new BudgetedSymbols(() => new Promise(() => undefined), { fetchMs: 20, modules: 9 });
    expect((await symbols.get(module)).kind).toBe("missing");
    expect((await symbols.get(module)).kind).toBe("missing");
    expect(symbols.refused).toBe(2);
  });

  it("fail as the fetch fails", async () => {
    const symbols = new BudgetedSymbols(() => Promise.reject(new Error("down")), {
      fetchMs: 1000,
      modules: 9,
    });
    await expect(symbols.get(module)).rejects.toThrow("down");
  });
});
