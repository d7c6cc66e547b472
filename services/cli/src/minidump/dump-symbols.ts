import type { MinidumpModule } from "@mayday/minidump";
import type { SymbolsAnswer } from "@mayday/stackwalk";
import type { SymbolSupply } from "@mayday/symbols";

/** Symbols of a dump's modules, from a supply. */
export function dumpSymbols(supply: SymbolSupply): (module: MinidumpModule) => Promise<SymbolsAnswer> {
  return ({ debugFile = "", debugId = "", fileName: codeFile, codeId }) =>
    supply.get({ debugFile, debugId, codeFile, ...(codeId === undefined ? {} : { codeId }) });
}
