import { open } from "node:fs/promises";
import { join } from "node:path";
import { readModuleLine } from "../sym-text/module-line.ts";
import { utf8Text } from "../sym-text/utf8-text.ts";
import { inflated } from "./inflate.ts";
import { codeFilePath, symcacheFile } from "./symbol-file-path.ts";
import type { FoundSymbolFile, SymbolSource } from "./symbol-source.ts";

const READ_BYTES = 1024 * 1024;

/** What a symbol file's name may have behind it. */
const COMPRESSIONS = ["", ".gz", ".zst"];

/** A folder in symbol-server layout that holds `.sym`, `.sym.gz` or `.sym.zst` files, and symcaches beside them. */
export function directorySource(folder: string): SymbolSource {
  return {
    name: folder,
    isLocal: true,
    isNear: true,
    async find({ debugFile, debugId, symbolFile }) {
      const found = await openAny(join(folder, debugFile, debugId, symbolFile));
      const asServed = debugId.toUpperCase();
      // Tecken folds the case of the age, too.
      return (
        found ?? (asServed === debugId ? undefined : openAny(join(folder, debugFile, asServed, symbolFile)))
      );
    },
    findSymcache: (path) => openFile(join(folder, path.debugFile, path.debugId, symcacheFile(path))),
    async identify({ codeFile, codeId }) {
      const place = codeFilePath(codeFile, codeId);
      const found = place && (await openAny(join(folder, ...place)));
      return found && readModuleLine(utf8Text(inflated(found.bytes)));
    },
  };
}

async function openAny(path: string): Promise<FoundSymbolFile | undefined> {
  for (const ending of COMPRESSIONS) {
    const found = await openFile(path + ending);
    if (found !== undefined) return found;
  }
  return undefined;
}

async function openFile(path: string): Promise<FoundSymbolFile | undefined> {
  try {
    const file = await open(path);
    const bytes = file.createReadStream({ highWaterMark: READ_BYTES });
    return { bytes, close: async () => void bytes.destroy(), url: undefined, file: path };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
