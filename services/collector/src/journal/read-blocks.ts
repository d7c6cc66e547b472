import type { FileHandle } from "node:fs/promises";

/** Reads into `bytes`, whole blocks of block memory, what stands at `at` in a file; returns what was there. */
export async function readBlocks(file: FileHandle, bytes: Buffer, at: number): Promise<Buffer> {
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, bytes.length - read, at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}
