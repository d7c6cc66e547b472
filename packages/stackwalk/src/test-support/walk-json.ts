import { readMinidump } from "@mayday/minidump";
import { createSymbolSupply, retryDamaged, symbolSources, symcacheFolder } from "@mayday/symbols";
import { jsonDump } from "../json/json-dump.ts";
import { walk, walkWith } from "../walk.ts";
import { allImprovements, noImprovements } from "../walk-improvements.ts";
import type { WalkJson } from "./peer.ts";

interface WalkJsonOptions {
  readonly symbols: string;
  readonly cache: string;
  readonly improved: boolean;
  readonly onAnswerFromText?: () => void;
}

/**
 * Our JSON of a dump, with the symbols of a folder.
 * @param cache folder for symcaches
 * @param improved see `walk`
 * @param onAnswerFromText given, symbol files answer themselves where the cache has none of them
 */
export async function walkJson(
  dump: Uint8Array,
  { symbols, cache, improved, onAnswerFromText }: WalkJsonOptions,
): Promise<WalkJson> {
  const read = readMinidump(dump);
  if (!read.ok) throw new Error(`${read.error.name}: ${read.error.message}`);
  const supply = createSymbolSupply({
    sources: symbolSources([symbols]),
    folder: symcacheFolder(cache),
    memoryBytes: 1024 ** 3,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
    ...(onAnswerFromText && { onAnswerFromText }),
  });
  const improvements = improved ? allImprovements : noImprovements;
  const walked = await retryDamaged(() =>
    walkWith(walk(read.dump, { improvements }), ({ debugFile = "", debugId = "", fileName: codeFile }) =>
      supply.get({ debugFile, debugId, codeFile }),
    ),
  );
  return JSON.parse(JSON.stringify(jsonDump(read.dump, walked)));
}
