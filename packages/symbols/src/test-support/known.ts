import type { SymbolLookups } from "../symcache/read/symbol-lookups.ts";
import type { SymRecords } from "./sym-records.ts";

/** Everything that symbols know of a module offset. */
export function known(
  symbols: Omit<SymbolLookups, "info" | "size" | "symbolicate" | "symbolicateAll">,
  offset: number,
): unknown {
  return {
    hit: symbols.lookup(offset),
    rules: symbols.cfiRules(offset),
    begins: symbols.beginsCfiRange(offset),
    frame: symbols.windowsFrame(offset),
  };
}

/** Every offset at which anything begins or ends, and the ones beside it. */
export function edges({ functions, publics, cfi, frames }: SymRecords): number[] {
  const ranges = [
    ...functions,
    ...functions.flatMap(({ lines, inlines }) => [...lines, ...inlines]),
    ...cfi,
    ...frames,
  ];
  const places = [
    0,
    ...ranges.flatMap(({ address, size }) => [address, address + size]),
    ...publics.map(({ address }) => address),
    ...cfi.flatMap(({ changes }) => changes.map(({ address }) => address)),
  ];
  return [...new Set(places.flatMap((place) => [place - 1, place, place + 1]))];
}
