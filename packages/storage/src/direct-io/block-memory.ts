/**
 * Direct reads and writes go past the page cache: in whole blocks, at whole blocks of the file, from memory that begins at
 * a block. Some disks would do with 512 bytes; none asks for more than this.
 */
export const BLOCK_BYTES = 4096;

const PAGE_BYTES = 65_536;

// Of the language's library, which does not come with Node's types.
declare const WebAssembly: {
  Memory: new (limits: {
    initial: number;
    maximum: number;
    shared: boolean;
  }) => { buffer: ArrayBuffer | SharedArrayBuffer };
};

/** What begins at a block; shared memory is not among it, since it is another object in every thread. */
const unshared = new WeakSet<ArrayBufferLike>();

/**
 * At least so many bytes that begin at a block: WebAssembly's memory is the only one in Node that surely does.
 * @param shared whether other threads are given it as it is; `set` and `copy` are slow in it, `fill` is not
 */
export function blockMemory(bytes: number, { shared = false } = {}): Buffer {
  const pages = Math.ceil(bytes / PAGE_BYTES);
  const { buffer } = new WebAssembly.Memory({ initial: pages, maximum: pages, shared });
  if (!shared) unshared.add(buffer);
  const memory = Buffer.from(buffer);
  return memory;
}

/** Whether bytes begin at a block, as far as can be seen from here. */
export function isAtBlock(bytes: Uint8Array): boolean {
  return isInBlockMemory(bytes) && bytes.byteOffset % BLOCK_BYTES === 0;
}

/** How far behind a block bytes begin; 0 for those outside block memory, which are copied in any case. */
export function bytesBehindBlock(bytes: Uint8Array): number {
  return isInBlockMemory(bytes) ? bytes.byteOffset % BLOCK_BYTES : 0;
}

/** Shared memory of several threads is ours. */
function isInBlockMemory({ buffer }: Uint8Array): boolean {
  return buffer instanceof SharedArrayBuffer || unshared.has(buffer);
}

/** So many bytes in whole blocks. */
export function wholeBlocks(bytes: number): number {
  return Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;
}
