import {
  createSymbolSupply,
  type SymbolSupply,
  type SymbolSupplyOptions,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";
import { type OneShotSymbolOptions, type SymbolOptions, symcacheFolderOf } from "./symbol-options.ts";

const MEMORY_BYTES = 1024 ** 3;

/**
 * From so many bytes of text on a symcache is worth a process that builds it behind the command; a smaller text is read
 * again by the next one, in some milliseconds.
 */
const WORTH_BUILDING_BYTES = 8 * 1024 ** 2;

/** Symbols from folders and servers, with symcaches kept in a folder of this machine. */
export function localSupply(
  options: SymbolOptions,
  onAnswerFromText?: SymbolSupplyOptions["onAnswerFromText"],
): SymbolSupply {
  return createSymbolSupply({
    sources: symbolSources(options.symbols),
    folder: symcacheFolder(symcacheFolderOf(options)),
    memoryBytes: MEMORY_BYTES,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
    ...(onAnswerFromText && { onAnswerFromText }),
  });
}

/** Symbols of a command that answers once, and what is to be done when it has. */
export interface OneShotSupply {
  readonly supply: SymbolSupply;
  /** Has symcaches built, behind the command, of what answered from its text. */
  end(): Promise<void>;
}

export function oneShotSupply(options: OneShotSymbolOptions): OneShotSupply {
  if (!options.buildBehind) return { supply: localSupply(options), end: async () => undefined };
  const unbuilt: string[] = [];
  let isWorthIt = false;
  const supply = localSupply(options, ({ debugFile, debugId }, textBytes) => {
    unbuilt.push(`${debugFile}/${debugId}`);
    isWorthIt ||= textBytes >= WORTH_BUILDING_BYTES;
  });
  return {
    supply,
    async end() {
      if (isWorthIt) (await import("./build-behind.ts")).buildBehind(unbuilt, options);
    },
  };
}
