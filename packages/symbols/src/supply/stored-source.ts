import { MaydayError } from "@mayday/errors";
import { type SymbolFilePath, symcacheFile } from "./symbol-file-path.ts";
import type { DebugInfo, SymbolSource } from "./symbol-source.ts";

/** What a store of symbol files, gzipped, must answer to be a source. */
export interface StoredSymbolFiles {
  has(path: SymbolFilePath): Promise<boolean>;
  /** The stored bytes, in pieces; undefined when there are none. */
  getStream(path: SymbolFilePath): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The module that is known by its code. */
  identify?(code: { readonly codeFile: string; readonly codeId: string }): Promise<DebugInfo | undefined>;
}

/** A store of symbol files, with symcaches beside them, as a source. */
export function storedSource(name: string, stored: StoredSymbolFiles): SymbolSource {
  const find = async (path: SymbolFilePath) => {
    if (!(await stored.has(path))) return undefined;
    return { bytes: bytesOf(stored, path), url: undefined };
  };
  return {
    name,
    isLocal: false,
    isNear: true,
    find,
    findSymcache: (path) => find({ ...path, symbolFile: symcacheFile(path) }),
    ...(stored.identify && { identify: (code) => stored.identify?.(code) ?? Promise.resolve(undefined) }),
  };
}

/** The file, opened when it is read: who only wants to know whether it is there pays nothing. */
async function* bytesOf(stored: StoredSymbolFiles, path: SymbolFilePath): AsyncIterable<Uint8Array> {
  const bytes = await stored.getStream(path);
  if (bytes === undefined) throw new MaydayError("SYMBOLS_NOT_FOUND", "it was removed meanwhile");
  yield* bytes;
}
