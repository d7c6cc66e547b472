import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { MaydayError } from "@mayday/crash";
import { readMinidump } from "@mayday/minidump";
import { allImprovements, jsonDump, noImprovements, walk, walkWith } from "@mayday/stackwalk";
import { createSymbolSupply, retryDamaged, symbolSources, symcacheFolder } from "@mayday/symbols";

export interface StackwalkOptions {
  readonly symbols: readonly string[];
  readonly symbolsCache?: string;
  readonly pretty?: boolean;
  /** False: exactly as minidump-stackwalk walks. */
  readonly improvements: boolean;
}

const MEMORY_BYTES = 1024 ** 3;

/** `mayday stackwalk`: prints the walk of a minidump as JSON in minidump-stackwalk's schema. */
export async function stackwalk(dumpPath: string, options: StackwalkOptions): Promise<void> {
  const bytes = await readFile(dumpPath).catch((error) => {
    throw new MaydayError("FILE_UNREADABLE", `${dumpPath}: ${error.code}`);
  });
  const read = readMinidump(bytes);
  if (!read.ok) throw new MaydayError("DUMP_UNREADABLE", `${read.error.name}: ${read.error.message}`);
  const supply = createSymbolSupply({
    sources: symbolSources(options.symbols),
    folder: symcacheFolder(options.symbolsCache ?? join(tmpdir(), "mayday-symcache")),
    memoryBytes: MEMORY_BYTES,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
  });
  const improvements = options.improvements ? allImprovements : noImprovements;
  const walked = await retryDamaged(() =>
    walkWith(walk(read.dump, { improvements }), ({ debugFile = "", debugId = "" }) =>
      supply.get({ debugFile, debugId }),
    ),
  );
  console.log(JSON.stringify(jsonDump(read.dump, walked), undefined, options.pretty ? 2 : undefined));
}
