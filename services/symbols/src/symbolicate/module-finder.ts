import type { MissingModules, UsedSymbols } from "@mayday/storage";
import {
  ByteBudget,
  isOverBudget,
  type ModuleIdentity,
  type SupplyEvent,
  type SymbolSupply,
  type SymbolsEntry,
} from "@mayday/symbols";
import pTimeout from "p-timeout";

/** How the symbols of one module were come by. */
export interface ModuleSearch {
  readonly entry: SymbolsEntry;
  /** Whether they lay on this machine. */
  readonly wasKept: boolean;
  /** Bytes read from a source. */
  readonly bytes: number;
  readonly seconds: number;
}

/** Bounds of one request. */
export interface RequestLimits {
  /** Bytes of symbols that may be read from sources. */
  readonly bytes: number;
  /** After so long modules that are not found yet count as missing, ms. */
  readonly ms: number;
}

/** Finds the symbols of a request's modules, each within what is left of the request's limits. */
export type ModuleFinder = (module: ModuleIdentity) => Promise<ModuleSearch>;

/** Notes of how modules were come by: a supply tells it all at one place, by the module it was asked for. */
export class SupplyNotes {
  readonly #events = new WeakMap<ModuleIdentity, SupplyEvent>();

  readonly note = (event: SupplyEvent, module: ModuleIdentity): void => {
    this.#events.set(module, event);
  };

  /** What was told last of this very question. */
  of(module: ModuleIdentity): SupplyEvent | undefined {
    return this.#events.get(module);
  }
}

/** What a finder needs of the service. */
export interface FinderParts {
  readonly supply: SymbolSupply;
  readonly notes: SupplyNotes;
  readonly limits: { readonly request: RequestLimits };
  readonly missing: MissingModules;
  readonly used: UsedSymbols;
}

const ON_THIS_MACHINE: ReadonlySet<SupplyEvent | undefined> = new Set(["memory", "disk"]);

/** A finder for one request. */
export function moduleFinder({
  supply,
  notes,
  limits: { request: limits },
  missing,
  used,
}: FinderParts): ModuleFinder {
  const until = performance.now() + limits.ms;
  let spent = 0;
  return async (module) => {
    const started = performance.now();
    const budget = new ByteBudget(Math.max(0, limits.bytes - spent));
    const entry = await withinTime(find(supply, module, budget), until - started);
    spent += budget.spent;
    const { debugFile, debugId, codeFile = "", codeId = "" } = module;
    // Whether the own store has it or another place: what is noted for nothing keeps nothing.
    if (entry.kind === "found") {
      for (const tree of ["v1", "fetched/v1"] as const)
        used.note({ tree, debugFile, debugId, ...entry.debugInfo });
    } else {
      missing.note({ module: { debugFile, debugId, codeFile, codeId }, by: "symbolication" });
    }
    return {
      entry,
      wasKept: ON_THIS_MACHINE.has(notes.of(module)),
      bytes: budget.spent,
      seconds: (performance.now() - started) / 1000,
    };
  };
}

async function find(supply: SymbolSupply, module: ModuleIdentity, budget: ByteBudget): Promise<SymbolsEntry> {
  try {
    return await supply.get(module, budget);
  } catch (error) {
    if (isOverBudget(error)) return { kind: "missing", why: "they are more bytes than a request may read" };
    throw error;
  }
}

function withinTime(found: Promise<SymbolsEntry>, ms: number): Promise<SymbolsEntry> {
  const late: SymbolsEntry = { kind: "missing", why: "the request had no time left" };
  return pTimeout(found, { milliseconds: Math.max(1, ms), fallback: () => late });
}
