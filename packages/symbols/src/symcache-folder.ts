import { createHash, randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { underLock } from "./build-lock.ts";
import type { SymbolFilePath } from "./symbol-file-path.ts";
import { Symcache } from "./symcache.ts";

/**
 * The symcaches of a machine, as files that its processes and threads share. They are kept by the name of the source
 * that had the text: sources may have different texts for one module, and a cache must not change which one counts.
 */
export interface SymcacheFolder {
  /** A module's symcache. A file that is damaged or of another version is removed and not there. */
  read(path: SymbolFilePath, source: string): Promise<Symcache | undefined>;
  /** Puts a symcache there, whole or not at all. */
  write(path: SymbolFilePath, source: string, symcache: Buffer): Promise<void>;
  /** Runs `build` while no other thread or process builds the same symcache. */
  alone<T>(path: SymbolFilePath, source: string, build: () => Promise<T>): Promise<T>;
}

export function symcacheFolder(folder: string): SymcacheFolder {
  const fileOf = ({ debugFile, debugId }: SymbolFilePath, source: string) =>
    join(folder, debugFile, debugId, `${shortHash(source)}.symcache`);
  return {
    async read(path, source) {
      const file = fileOf(path, source);
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined) return undefined;
      try {
        return new Symcache(bytes);
      } catch {
        // One that cannot be removed is written over.
        await rm(file, { force: true }).catch(() => undefined);
        return undefined;
      }
    },
    async write(path, source, symcache) {
      const file = fileOf(path, source);
      const unfinished = `${file}.${randomUUID()}`;
      await mkdir(dirname(file), { recursive: true });
      try {
        await writeFile(unfinished, symcache);
        await rename(unfinished, file);
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
    },
    alone: (path, source, build) => underLock(`${fileOf(path, source)}.lock`, build),
  };
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 16);
}
