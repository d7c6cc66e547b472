import type { SymbolStorage } from "@mayday/storage";
import { type SymbolFilePath, type SymbolSource, symcacheFile } from "@mayday/symbols";

/** The pipeline's own symbol store, as a source. */
export function storedSymbols(storage: SymbolStorage): SymbolSource {
  const find = async (path: SymbolFilePath) => {
    const stored = await storage.getGzipped(path);
    return stored === undefined ? undefined : { bytes: once(stored), url: undefined };
  };
  return {
    name: "own store",
    isLocal: false,
    find,
    findSymcache: (path) => find({ ...path, symbolFile: symcacheFile(path) }),
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
