import type { SymbolStorage } from "@mayday/storage";
import type { SymbolSource } from "@mayday/symbols";

/** The symbols that were uploaded to this pipeline, as a source. */
export function storedSymbols(storage: SymbolStorage): SymbolSource {
  return {
    name: "uploaded symbols",
    async find(path) {
      const gzipped = await storage.getGzipped(path);
      return gzipped === undefined ? undefined : { bytes: once(gzipped), url: undefined };
    },
  };
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
