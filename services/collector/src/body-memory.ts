const SMALLEST = 64 * 1024;
/** Bodies that are larger are few. */
const LARGEST = 4 * 1024 * 1024;
/** As much is kept for the next bodies, bytes. */
const MOST_KEPT = 64 * 1024 * 1024;

const free = new Map<number, Buffer[]>();
let kept = 0;

/**
 * Memory for at least so many bytes; what is in it is not to be read. Bodies use theirs one after the other: at full load
 * new memory for each makes V8 look through its whole heap ten times a second, for a third of the processor.
 */
export function takeMemory(bytes: number): Buffer {
  const size = sizeOf(bytes);
  const memory = free.get(size)?.pop();
  if (memory === undefined) return Buffer.allocUnsafeSlow(size);
  kept -= size;
  return memory;
}

/** Gives back what was taken; nobody reads or writes it any more, no kernel call either. */
export function giveMemory(memory: Buffer): void {
  const size = memory.length;
  if (size > LARGEST || kept + size > MOST_KEPT) {
    freeNow(memory);
    return;
  }
  kept += size;
  const others = free.get(size);
  if (others === undefined) free.set(size, [memory]);
  else others.push(memory);
}

function sizeOf(bytes: number): number {
  if (bytes > LARGEST) return bytes;
  return Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes)));
}

/**
 * Gives the memory of a buffer back to the system at once; the buffer is empty then. Only for a buffer that nobody reads or
 * writes any more.
 */
export function freeNow(bytes: Buffer): void {
  // Node's pool of small buffers belongs to many. Since Node 24 it is as large as a chunk from the network.
  const mayBePool = bytes.buffer.byteLength === Buffer.poolSize && bytes.length < Buffer.poolSize;
  if (!mayBePool && bytes.buffer instanceof ArrayBuffer) bytes.buffer.transfer(0);
}
