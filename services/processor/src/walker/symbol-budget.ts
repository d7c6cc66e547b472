import type { MinidumpModule } from "@mayday/minidump";
import type { SymbolsAnswer } from "@mayday/stackwalk";
import { ByteBudget, isOverBudget } from "@mayday/symbols";
import pTimeout from "p-timeout";

/** What symbols may cost one walk. After any of it the walk goes on without more of them. */
export interface SymbolBudget {
  /** Time in which symbols are fetched, ms. */
  readonly fetchMs: number;
  /** Modules whose symbols are fetched; the largest programs have a few hundred on their stacks. */
  readonly modules: number;
  /** Bytes of symbols that are read from their sources, inflated; what is cached costs nothing. */
  readonly bytes: number;
}

type Fetch = (module: MinidumpModule, bytes: ByteBudget) => Promise<SymbolsAnswer>;

/** How many modules of one dump are looked for. */
export const MAX_MODULES = 2_000;

/** Why symbols were not fetched: what of the budget was spent. */
const REFUSALS = {
  time: "the walk's time for fetching them was over",
  modules: "the walk may ask for no more modules",
  bytes: "the walk may read no more bytes of them",
} as const;

/**
 * Fetches symbols within a budget: a small dump can name many modules whose symbol files are hundreds of megabytes
 * each, and a server can be slow. What is not fetched counts as missing, so that the walk ends with what it has.
 */
export class BudgetedSymbols {
  readonly #fetch: Fetch;
  readonly #budget: SymbolBudget;
  readonly #bytes: ByteBudget;
  readonly #endsAt: number;
  #fetched = 0;
  readonly #refused = new Map<keyof typeof REFUSALS, number>();

  constructor(fetch: Fetch, budget: SymbolBudget) {
    this.#fetch = fetch;
    this.#budget = budget;
    this.#bytes = new ByteBudget(budget.bytes);
    this.#endsAt = performance.now() + budget.fetchMs;
  }

  /** What a reader of the crash should know: how many modules were not fetched, or not waited for, and why. */
  get notes(): string[] {
    return [...this.#refused].map(
      ([spent, count]) =>
        `symbols of ${count} module${count === 1 ? "" : "s"} were not fetched: ${REFUSALS[spent]}`,
    );
  }

  async get(module: MinidumpModule): Promise<SymbolsAnswer> {
    const leftMs = this.#endsAt - performance.now();
    if (leftMs <= 0) return this.#refuse("time");
    if (this.#fetched >= this.#budget.modules) return this.#refuse("modules");
    this.#fetched++;
    try {
      return (await inTime(this.#fetch(module, this.#bytes), leftMs)) ?? this.#refuse("time");
    } catch (error) {
      if (!isOverBudget(error)) throw error;
      return this.#refuse("bytes");
    }
  }

  #refuse(spent: keyof typeof REFUSALS): SymbolsAnswer {
    this.#refused.set(spent, (this.#refused.get(spent) ?? 0) + 1);
    return { kind: "missing", why: REFUSALS[spent] };
  }
}

/** The answer, or undefined when it takes too long; then it may still come, for the next walk. */
function inTime(answer: Promise<SymbolsAnswer>, ms: number): Promise<SymbolsAnswer | undefined> {
  return pTimeout(answer, { milliseconds: Math.max(1, ms), fallback: () => undefined });
}
