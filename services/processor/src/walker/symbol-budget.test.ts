import type { MinidumpModule } from "@mayday/minidump";
import { describe, expect, it } from "vitest";
import { BudgetedSymbols } from "./symbol-budget.ts";

const module = { fileName: "app" } as MinidumpModule;
const PLENTY = { fetchMs: 10_000, modules: 9, bytes: 1000 };
const found = { kind: "malformed", why: "test" } as const;

describe("symbols within a budget", () => {
  it("are fetched up to a number of modules", async () => {
    const symbols = new BudgetedSymbols(async () => found, {
      ...PLENTY,
      modules: 2,
    });
    const kinds = [];
    for (let i = 0; i < 3; i++) kinds.push((await symbols.get(module)).kind);
    expect(kinds).toEqual(["malformed", "malformed", "missing"]);
    expect(symbols.notes).toEqual([
      "symbols of 1 module were not fetched: the walk may ask for no more modules",
    ]);
  });

  it("are not waited for when their time is over", async () => {
    const symbols = new BudgetedSymbols(() => new Promise(() => undefined), { ...PLENTY, fetchMs: 20 });
    expect((await symbols.get(module)).kind).toBe("missing");
    expect((await symbols.get(module)).kind).toBe("missing");
    expect(symbols.notes).toEqual([
      "symbols of 2 modules were not fetched: the walk's time for fetching them was over",
    ]);
  });

  it("are read up to a number of bytes by all modules together", async () => {
    async function* pieces() {
      yield new Uint8Array(400);
    }
    const fetch: ConstructorParameters<typeof BudgetedSymbols>[0] = async (_, bytes) => {
      for await (const _piece of bytes.counted(pieces()));
      return found;
    };
    const symbols = new BudgetedSymbols(fetch, PLENTY);
    const kinds = [];
    for (let i = 0; i < 4; i++) kinds.push((await symbols.get(module)).kind);
    expect(kinds).toEqual(["malformed", "malformed", "missing", "missing"]);
    expect(symbols.notes).toEqual([
      "symbols of 2 modules were not fetched: the walk may read no more bytes of them",
    ]);
  });

  it("fail as the fetch fails", async () => {
    const symbols = new BudgetedSymbols(() => Promise.reject(new Error("down")), PLENTY);
    await expect(symbols.get(module)).rejects.toThrow("down");
  });
});
