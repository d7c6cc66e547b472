import type { MinidumpModule } from "@mayday/minidump";
import type { SymbolsAnswer } from "@mayday/stackwalk";

/** What symbols may cost one walk. */
export interface SymbolBudget {
  /** Time in which symbols are fetched, ms. After it the walk goes on without more of them. */
  readonly fetchMs: number;
  /** Modules whose symbols are fetched; the largest programs have a few hundred on their stacks. */
  readonly modules: number;
}

type Fetch = (module: MinidumpModule) => Promise<SymbolsAnswer>;

/** How many modules of one dump are looked for. */
export const MAX_MODULES = 2_000;

/**
 * Fetches symbols within a budget: a small dump can name many modules whose symbol files are hundreds of megabytes
 * each, and a server can be slow. What is not fetched counts as missing, so that the walk ends with what it has.
 */
export class BudgetedSymbols {
  readonly #fetch: Fetch;
  readonly #budget: SymbolBudget;
  readonly #endsAt: number;
  #fetched = 0;
  #refused = 0;

  constructor(fetch: Fetch, budget: SymbolBudget) {
    this.#fetch = fetch;
    this.#budget = budget;
    this.#endsAt = performance.now() + budget.fetchMs;
  }

  /** Modules whose symbols were not fetched, or not waited for. */
  get refused(): number {
    return this.#refused;
  }

  async get(module: MinidumpModule): Promise<SymbolsAnswer> {
    const leftMs = this.#endsAt - performance.now();
    if (leftMs <= 0 || this.#fetched >= this.#budget.modules) return this.#refuse();
    this.#fetched++;
    return (await inTime(this.#fetch(module), leftMs)) ?? this.#refuse();
  }

  #refuse(): SymbolsAnswer {
    this.#refused++;
    return { kind: "missing", why: "the walk's time for fetching symbols is over" };
  }
}

/** The answer, or undefined when it takes too long; then it may still come, for the next walk. */
async function inTime(answer: Promise<SymbolsAnswer>, ms: number): Promise<SymbolsAnswer | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
