import { constants, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** The flag of direct access; 0 on a system that has none. */
export const DIRECT = constants.O_DIRECT ?? 0;

/** Whether the system has direct access and will not give it to this file, or not with this memory. */
export function isDirectRefused(error: unknown): boolean {
  return DIRECT !== 0 && (error as NodeJS.ErrnoException).code === "EINVAL";
}

/** Opens a file that is there, for direct reads and writes where that can be had. */
export async function openDirect(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags | DIRECT);
  } catch (error) {
    if (!isDirectRefused(error)) throw error;
    return open(path, flags);
  }
}

/** As `openDirect`, at once; returns the descriptor. */
export function openDirectSync(path: string, flags: number): number {
  try {
    return openSync(path, flags | DIRECT);
  } catch (error) {
    if (!isDirectRefused(error)) throw error;
    return openSync(path, flags);
  }
}
