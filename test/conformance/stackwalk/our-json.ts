import { type MinidumpModule, readMinidump } from "@mayday/minidump";
import { jsonDump, noImprovements, walk, walkWith } from "@mayday/stackwalk";
import { createSymbolSupply, retryDamaged, symbolSources, symcacheFolder } from "@mayday/symbols";
import type { WalkJson } from "../../../packages/stackwalk/src/test-support/peer.ts";

/** Our JSON of a dump, walked as the peer walks, with the symbols of a folder; symcaches are kept in `cache`. */
export async function ourJson(dump: Uint8Array, symbols: string, cache: string): Promise<WalkJson> {
  const read = readMinidump(dump);
  if (!read.ok) throw new Error(`${read.error.name}: ${read.error.message}`);
  const supply = createSymbolSupply({
    sources: symbolSources([symbols]),
    folder: symcacheFolder(cache),
    memoryBytes: 1024 ** 3,
    missesLastMs: Number.POSITIVE_INFINITY,
    now: Date.now,
  });
  const walked = await retryDamaged(() =>
    walkWith(walk(read.dump, { improvements: noImprovements }), (module) => supply.get(identityOf(module))),
  );
  return JSON.parse(JSON.stringify(jsonDump(read.dump, walked)));
}

function identityOf({ debugFile = "", debugId = "", fileName: codeFile }: MinidumpModule) {
  return { debugFile, debugId, codeFile };
}
