import { readFile } from "node:fs/promises";
import { MaydayError } from "@mayday/errors";

/** @throws {MaydayError} FILE_UNREADABLE */
export async function readNamedFile(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw new MaydayError("FILE_UNREADABLE", `${path}: ${(error as NodeJS.ErrnoException).code}`);
  }
}
