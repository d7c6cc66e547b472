import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** Not every system has it, and not every file system. */
const DIRECT = constants.O_DIRECT ?? 0;

/** Opens a file that is there, for direct reads and writes where that can be had. */
export async function openDirect(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | DIRECT);
  } catch (error) {
    if (DIRECT === 0 || (error as NodeJS.ErrnoException).code !== "EINVAL") throw error;
    return open(path, flags);
  }
}
