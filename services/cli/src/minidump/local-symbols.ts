import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MinidumpModule } from "@mayday/minidump";
import type { SymbolsAnswer } from "@mayday/stackwalk";
import { createSymbolSupply, symbolSources, symcacheFolder } from "@mayday/symbols";

/** Where a command that walks looks for symbols. */
export interface SymbolOptions {
  readonly symbols: readonly string[];
  readonly symbolsCache?: string;
}

const MEMORY_BYTES = 1024 ** 3;

/** Symbols for commands on this machine: from folders and servers, with symcaches kept in a folder. */
export function localSymbols({
  symbols,
  symbolsCache,
}: SymbolOptions): (module: MinidumpModule) => Promise<SymbolsAnswer> {
  const supply = createSymbolSupply({
    sources: symbolSources(symbols),
    folder: symcacheFolder(symbolsCache ?? join(tmpdir(), "mayday-symcache")),
    memoryBytes: MEMORY_BYTES,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
  });
  return ({ debugFile = "", debugId = "", fileName: codeFile, codeId }) =>
    supply.get({ debugFile, debugId, codeFile, ...(codeId === undefined ? {} : { codeId }) });
}
