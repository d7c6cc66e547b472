import { closeSync, constants, openSync, rmSync, writeSync } from "node:fs";
import { BLOCK_BYTES, blockMemory, DIRECT, isAtBlock, isDirectRefused } from "../direct-io/index.ts";

/**
 * From so many bytes on a file is written past the page cache. Pages that are written back at once and read by nobody are
 * paid for three times: found, copied into, and found again for the files that need them more. Smaller files are done
 * sooner in the cache.
 */
export const DIRECT_FROM = 64 * 1024;

const MEMORY_BYTES = 1024 * 1024;
let memory: Buffer | undefined;

/** Whether a file system takes direct writes: tried with a file of that path, which is gone then. */
export function canWriteDirectly(path: string): boolean {
  if (DIRECT === 0) return false;
  closeSync(openSync(path, "wx"));
  try {
    closeSync(openSync(path, constants.O_WRONLY | DIRECT));
    return true;
  } catch (error) {
    if (isDirectRefused(error)) return false;
    throw error;
  } finally {
    rmSync(path, { force: true });
  }
}

/**
 * Writes the whole blocks of `bytes` into an empty file that is open for direct writes; returns how many bytes that were.
 * The rest is for the page cache: a block that was filled up and cut off again would be read from the disk for that.
 */
export function writeBlocks(file: number, bytes: Uint8Array): number {
  const blocks = bytes.subarray(0, bytes.length - (bytes.length % BLOCK_BYTES));
  if (!isAtBlock(blocks) || !writeAsItIs(file, blocks)) writeCopied(file, blocks);
  return blocks.length;
}

/** False when the memory turns out to begin elsewhere. */
function writeAsItIs(file: number, blocks: Uint8Array): boolean {
  try {
    writeAllSync(file, blocks, 0);
    return true;
  } catch (error) {
    if (isDirectRefused(error)) return false;
    throw error;
  }
}

function writeCopied(file: number, blocks: Uint8Array): void {
  memory ??= blockMemory(MEMORY_BYTES);
  for (let at = 0; at < blocks.length; at += MEMORY_BYTES) {
    const count = Math.min(MEMORY_BYTES, blocks.length - at);
    // The only one of Node's copies that is quick out of memory that threads share.
    memory.fill(blocks.subarray(at, at + count), 0, count);
    writeAllSync(file, memory.subarray(0, count), at);
  }
}

/** Writes `bytes` at `at` of a file. */
export function writeAllSync(file: number, bytes: Uint8Array, at: number): void {
  for (let from = 0; from < bytes.length; )
    from += writeSync(file, bytes, from, bytes.length - from, at + from);
}
