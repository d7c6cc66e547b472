import type { MinidumpModule } from "@mayday/minidump";
import { type ModuleMap, moduleOffset } from "../address-space/module-map.ts";
import type { FunctionHit, ModuleSymbols, SymbolsAnswer } from "../address-space/module-symbols.ts";

/**
 * A walk in steps: it yields a module whose symbols it needs next and goes on with the answer. No module is asked
 * for twice.
 */
export type WalkSteps<T> = Generator<MinidumpModule, T, SymbolsAnswer>;

/** A place in a module, with the module's symbols where there are some. */
export interface Place {
  readonly module: MinidumpModule;
  readonly offset: number;
  readonly symbols: ModuleSymbols | undefined;
}

/** What a walk has learned of a module. Threads wait at the same places, so every look-up is kept. */
class KnownModule {
  readonly symbols: ModuleSymbols | undefined;
  readonly #hits = new Map<number, FunctionHit | undefined>();

  constructor(symbols: ModuleSymbols | undefined) {
    this.symbols = symbols;
  }

  lookup(offset: number): FunctionHit | undefined {
    if (this.symbols === undefined) return undefined;
    const known = this.#hits.get(offset);
    if (known !== undefined || this.#hits.has(offset)) return known;
    const hit = this.symbols.lookup(offset);
    this.#hits.set(offset, hit);
    return hit;
  }
}

/** The questions of one walk, and their answers. */
export class SymbolRequests {
  readonly modules: ModuleMap;
  readonly answers = new Map<MinidumpModule, SymbolsAnswer>();
  readonly #known = new Map<MinidumpModule, KnownModule>();

  constructor(modules: ModuleMap) {
    this.modules = modules;
  }

  /** The module at an address, and its symbols. */
  *placeOf(address: bigint): WalkSteps<Place | undefined> {
    const module = this.modules.at(address);
    if (module === undefined) return undefined;
    const { symbols } = this.#known.get(module) ?? (yield* this.#ask(module));
    return { module, offset: moduleOffset(module, address), symbols };
  }

  /** As {@link placeOf} without a step, for modules that were asked for: nearly all looks are of these. */
  knownPlaceOf(address: bigint): Place | undefined {
    const module = this.modules.at(address);
    const known = module && this.#known.get(module);
    return known && { module, offset: moduleOffset(module, address), symbols: known.symbols };
  }

  /** The function at a place. */
  hitAt({ module, offset }: Place): FunctionHit | undefined {
    return this.#known.get(module)?.lookup(offset);
  }

  *#ask(module: MinidumpModule): WalkSteps<KnownModule> {
    const answer = yield module;
    this.answers.set(module, answer);
    const known = new KnownModule(answer.kind === "found" ? answer.symbols : undefined);
    this.#known.set(module, known);
    return known;
  }
}
