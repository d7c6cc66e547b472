import type { FileHandle } from "node:fs/promises";

/** One read's bytes: a write that a client waits for waits behind no more than that. */
const READ_BYTES = 512 * 1024;

/** Reads into `bytes`, whole blocks of block memory, what stands at `at` in a file; returns what was there. */
export async function readBlocks(file: FileHandle, bytes: Buffer, at: number): Promise<Buffer> {
  let read = 0;
  while (read < bytes.length) {
    const { bytesRead } = await file.read(bytes, read, Math.min(READ_BYTES, bytes.length - read), at + read);
    if (bytesRead === 0) break;
    read += bytesRead;
  }
  return bytes.subarray(0, read);
}
