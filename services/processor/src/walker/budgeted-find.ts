import {
  ByteBudget,
  type FindSymbols,
  isOverBudget,
  type SymbolSupply,
  type SymbolsEntry,
} from "@mayday/symbols";
import pTimeout from "p-timeout";

/** What symbols may cost; what is over it counts as missing. */
export interface FindBudget {
  readonly fetchMs: number;
  /** Of symbols that are read from their sources. */
  readonly bytes: number;
}

const OVER: SymbolsEntry = { kind: "missing", why: "no more symbols may be read" };

/** Finds symbols within a budget: clients may name any modules, and a server can be slow. */
export function budgetedFind(supply: SymbolSupply, { fetchMs, bytes }: FindBudget): FindSymbols {
  const budget = new ByteBudget(bytes);
  const endsAt = performance.now() + fetchMs;
  return async (module) => {
    const left = endsAt - performance.now();
    if (left <= 0) return OVER;
    try {
      return await pTimeout(supply.get(module, budget), { milliseconds: left, fallback: () => OVER });
    } catch (error) {
      if (!isOverBudget(error)) throw error;
      return OVER;
    }
  };
}
