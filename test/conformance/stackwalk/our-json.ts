import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { type MinidumpModule, readMinidump } from "@mayday/minidump";
import { jsonDump, noImprovements, type SymbolsAnswer, walk, walkWith } from "@mayday/stackwalk";
import { createSymbolSupply, symbolFilePath, symbolSources, symcacheFolder } from "@mayday/symbols";
import type { WalkJson } from "../../../packages/stackwalk/src/test-support/peer.ts";
import { textSymbols } from "../../../packages/stackwalk/src/test-support/text-symbols.ts";

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
  const walked = await walkWith(
    walk(read.dump, { improvements: noImprovements }),
    async (module) => (await smallSymbols(module, symbols)) ?? (await supply.get(identityOf(module))),
  );
  return JSON.parse(JSON.stringify(jsonDump(read.dump, walked)));
}

function identityOf({ debugFile = "", debugId = "", fileName: codeFile }: MinidumpModule) {
  return { debugFile, debugId, codeFile };
}

async function smallSymbols(module: MinidumpModule, symbols: string): Promise<SymbolsAnswer | undefined> {
  const path = symbolFilePath(identityOf(module));
  if (path === undefined) return undefined;
  const file = join(symbols, path.debugFile, path.debugId, `${path.debugFile.replace(/\.pdb$/i, "")}.sym`);
  const size = statSync(file, { throwIfNoEntry: false })?.size ?? 1e9;
  if (size > 5e6) return undefined;
  return { kind: "found", symbols: await textSymbols(readFileSync(file, "utf8")) };
}
