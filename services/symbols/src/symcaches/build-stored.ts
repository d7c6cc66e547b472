import { Readable } from "node:stream";
import { isSymbolKey, type SymbolKey, type SymbolStorage } from "@mayday/storage";
import { buildSymcache, inflated, SpillingFile, Symcache, symcacheFile } from "@mayday/symbols";

/** What a symcache was built of. */
export interface BuiltSymcache {
  readonly debugFile: string;
  readonly debugId: string;
  readonly codeFile: string;
  readonly codeId: string;
  /** Bytes of the text and of the symcache. */
  readonly textBytes: number;
  readonly bytes: number;
  /** Lines that could not be read, for people; a few of them. */
  readonly badLines: number;
  readonly badSamples: readonly string[];
}

/** Where a symcache lies: beside the symbol file. */
export function symcacheKey(key: SymbolKey): SymbolKey {
  return { ...key, symbolFile: symcacheFile(key) };
}

/**
 * Builds the symcache of a symbol file that is stored, and stores it beside.
 * @returns undefined when the symbol file is not there any more
 * @throws {MaydayError} SYMBOLS_MALFORMED when it is none, or of another module
 */
export async function buildStored(
  storage: SymbolStorage,
  key: SymbolKey,
): Promise<BuiltSymcache | undefined> {
  if (!isSymbolKey(key)) return undefined;
  const stream = await storage.getStream(key);
  if (stream === undefined) return undefined;
  const built = new SpillingFile();
  try {
    await buildSymcache(inflated(stream), built, { debugId: key.debugId });
    await storage.putStream(symcacheKey(key), Readable.from(built.pieces(), { objectMode: false }));
    const { debugFile, debugId, codeFile, codeId, textBytes, badLines, badSamples } = new Symcache(built)
      .info;
    return { debugFile, debugId, codeFile, codeId, textBytes, bytes: built.length, badLines, badSamples };
  } finally {
    built.close();
    stream.destroy();
  }
}
