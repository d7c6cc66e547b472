import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { MaydayError } from "@mayday/crash";
import {
  createSymbolSupply,
  readSymbolicateRequest,
  symbolicate,
  symbolSources,
  symcacheFolder,
} from "@mayday/symbols";

const MEMORY_BYTES = 1024 ** 3;

export interface SymbolicateOptions {
  readonly symbols: readonly string[];
  readonly symbolsCache?: string;
}

/** `mayday symbolicate`: answers a symbolication request of version 5. */
export async function symbolicateCommand({ symbols, symbolsCache }: SymbolicateOptions): Promise<void> {
  const body = await json(process.stdin).catch(() => {
    throw new MaydayError("SYMBOLICATE_BAD_REQUEST", "Payload is not valid JSON");
  });
  const supply = createSymbolSupply({
    sources: symbolSources(symbols),
    folder: symcacheFolder(symbolsCache ?? join(tmpdir(), "mayday-symcache")),
    memoryBytes: MEMORY_BYTES,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
  });
  console.log(JSON.stringify(await symbolicate(readSymbolicateRequest(body), supply)));
}
