import { MaydayError } from "@mayday/errors";
import type { SymbolStorage } from "@mayday/storage";
import { type SymbolFilePath, type SymbolSource, symcacheFile } from "@mayday/symbols";

/** The pipeline's own symbol store, as a source. */
export function storedSymbols(storage: SymbolStorage): SymbolSource {
  const find = async (path: SymbolFilePath) => {
    if (!(await storage.has(path))) return undefined;
    return { bytes: stored(storage, path), url: undefined };
  };
  return {
    name: "own store",
    isLocal: false,
    find,
    findSymcache: (path) => find({ ...path, symbolFile: symcacheFile(path) }),
  };
}

/** The file, loaded when it is read: who only wants to know whether it is there pays nothing. */
async function* stored(storage: SymbolStorage, path: SymbolFilePath): AsyncIterable<Uint8Array> {
  const bytes = await storage.getGzipped(path);
  if (bytes === undefined) throw new MaydayError("SYMBOLS_NOT_FOUND", "it was removed meanwhile");
  yield bytes;
}
