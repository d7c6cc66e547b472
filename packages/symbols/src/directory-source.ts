import { open } from "node:fs/promises";
import { join } from "node:path";
import type { FoundSymbolFile, SymbolSource } from "./symbol-source.ts";

const READ_BYTES = 1024 * 1024;

/** A folder in symbol-server layout that holds `.sym` or `.sym.gz` files. */
export function directorySource(folder: string): SymbolSource {
  return {
    name: folder,
    async find({ debugFile, debugId, symbolFile }) {
      const path = join(folder, debugFile, debugId, symbolFile);
      return (await openFile(path)) ?? (await openFile(`${path}.gz`));
    },
  };
}

async function openFile(path: string): Promise<FoundSymbolFile | undefined> {
  try {
    const file = await open(path);
    return { bytes: file.createReadStream({ highWaterMark: READ_BYTES }), url: undefined };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "ENOENT" || code === "ENOTDIR") return undefined;
    throw error;
  }
}
