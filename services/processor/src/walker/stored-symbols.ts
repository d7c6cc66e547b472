import type { SymbolStorage } from "@mayday/storage";
import type { SymbolSource } from "@mayday/symbols";

/** The pipeline's own symbol store, as a source. */
export function storedSymbols(storage: SymbolStorage): SymbolSource {
  return {
    name: "own store",
    async find(path) {
      const gzipped = await storage.getGzipped(path);
      return gzipped === undefined ? undefined : { bytes: once(gzipped), url: undefined };
    },
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
