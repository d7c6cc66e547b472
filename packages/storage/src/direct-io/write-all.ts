import type { FileHandle } from "node:fs/promises";

/** Writes `bytes` at `at` of a file, in as many writes as the disk makes of it. */
export async function writeAll(file: FileHandle, bytes: Uint8Array, at: number): Promise<void> {
  for (let from = 0; from < bytes.length; ) {
    const { bytesWritten } = await file.write(bytes, from, bytes.length - from, at + from);
    if (bytesWritten === 0) throw new Error("the disk takes no more");
    from += bytesWritten;
  }
}
