import { randomUUID } from "node:crypto";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { SymbolFilePath } from "./symbol-file-path.ts";
import { Symcache } from "./symcache.ts";

/** The symcaches of a machine, as files that its processes and threads share. */
export interface SymcacheFolder {
  /** A module's symcache. A file that is damaged or of another version is removed and not there. */
  read(path: SymbolFilePath): Promise<Symcache | undefined>;
  /** Puts a symcache there, whole or not at all. */
  write(path: SymbolFilePath, symcache: Buffer): Promise<void>;
}

export function symcacheFolder(folder: string): SymcacheFolder {
  const fileOf = ({ debugFile, debugId }: SymbolFilePath) => join(folder, debugFile, debugId, "symcache");
  return {
    async read(path) {
      const file = fileOf(path);
      const bytes = await readFile(file).catch(() => undefined);
      if (bytes === undefined) return undefined;
      try {
        return new Symcache(bytes);
      } catch {
        await rm(file, { force: true });
        return undefined;
      }
    },
    async write(path, symcache) {
      const file = fileOf(path);
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
  };
}
