import type { MinidumpModule } from "@mayday/minidump";
import type { CfiPrograms } from "./cfi-programs.ts";
import type { DataRegions } from "./data-regions.ts";
import type { ModuleMap } from "./module-map.ts";
import type { ModuleSymbols, SymbolsAnswer } from "./module-symbols.ts";

/**
 * A walk in steps: it yields a module whose symbols it needs next and goes on with the answer. No module is asked
 * for twice.
 */
export type WalkSteps<T> = Generator<MinidumpModule, T, SymbolsAnswer>;

/** The questions of one walk, and their answers. */
export class SymbolRequests {
  readonly modules: ModuleMap;
  readonly programs: CfiPrograms;
  /** Memory without code; undefined when the walk is to be the peer's (see {@link walkImprovements}). */
  readonly data: DataRegions | undefined;
  readonly answers = new Map<MinidumpModule, SymbolsAnswer>();

  constructor(modules: ModuleMap, programs: CfiPrograms, data: DataRegions | undefined) {
    this.modules = modules;
    this.programs = programs;
    this.data = data;
  }

  *symbolsOf(module: MinidumpModule): WalkSteps<ModuleSymbols | undefined> {
    let answer = this.answers.get(module);
    if (answer === undefined) {
      answer = yield module;
      this.answers.set(module, answer);
    }
    return answer.kind === "found" ? answer.symbols : undefined;
  }
}
