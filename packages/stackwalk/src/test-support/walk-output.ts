import { type Minidump, readMinidump } from "@mayday/minidump";
import { createSymbolSupply, retryDamaged, symbolSources, symcacheFolder } from "@mayday/symbols";
import { humanReport } from "../human/human-report.ts";
import { jsonDump } from "../json/json-dump.ts";
import { type Walk, walk, walkWith } from "../walk/walk.ts";
import { allImprovements, noImprovements } from "../walk/walk-improvements.ts";
import type { WalkJson } from "./peer.ts";

/** Where a walk has its symbols from, and how it walks. */
interface WalkPlace {
  /** Folder of symbol files. */
  readonly symbols: string;
  /** Folder for symcaches. */
  readonly cache: string;
  /** See `walk`. */
  readonly improved: boolean;
  /** Given, symbol files answer themselves where the cache has none of them. */
  readonly onAnswerFromText?: () => void;
}

/** Our JSON of a dump. */
export async function walkJson(bytes: Uint8Array, place: WalkPlace): Promise<WalkJson> {
  const { dump, walked } = await walkedWith(bytes, place);
  return JSON.parse(JSON.stringify(jsonDump(dump, walked)));
}

/** Our text of a dump. */
export async function walkText(bytes: Uint8Array, place: WalkPlace, brief: boolean): Promise<string> {
  const { dump, walked } = await walkedWith(bytes, place);
  return humanReport(dump, walked, { brief });
}

async function walkedWith(
  bytes: Uint8Array,
  { symbols, cache, improved, onAnswerFromText }: WalkPlace,
): Promise<{ dump: Minidump; walked: Walk }> {
  const read = readMinidump(bytes);
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
  return { dump: read.dump, walked };
}
