import { blockMemory } from "@mayday/storage/direct-io";

const MEBIBYTE = 1024 * 1024;
/** What nearly every body fits in. */
const PLACE_BYTES = MEBIBYTE;
const PLACES = 64;
const SMALLEST = 64 * 1024;
/** Bodies that are larger are few. */
const LARGEST = 4 * MEBIBYTE;
/** As much is kept for the next bodies that have no place, bytes. */
const MOST_KEPT = 16 * MEBIBYTE;

let places: { readonly memory: Buffer; readonly free: Buffer[] } | undefined;
const free = new Map<number, Buffer[]>();
let kept = 0;

/**
 * Memory for at least so many bytes; what is in it is not to be read. Bodies use theirs one after the other: at full load
 * new memory for each makes V8 look through its whole heap ten times a second, for a third of the processor. The first
 * bodies at a time get theirs at a block, from where a disk takes it; the one that was used last is still near.
 */
export function takeMemory(bytes: number): Buffer {
  return (bytes <= PLACE_BYTES ? takePlace() : undefined) ?? takeFree(sizeOf(bytes));
}

function takePlace(): Buffer | undefined {
  places ??= makePlaces();
  return places.free.pop();
}

function makePlaces() {
  const memory = blockMemory(PLACES * PLACE_BYTES);
  const starts = Array.from({ length: PLACES }, (_, place) => place * PLACE_BYTES);
  return { memory, free: starts.map((start) => memory.subarray(start, start + PLACE_BYTES)) };
}

function takeFree(size: number): Buffer {
  const memory = free.get(size)?.pop();
  if (memory === undefined) return Buffer.allocUnsafeSlow(size);
  kept -= size;
  return memory;
}

/** Gives back what was taken; nobody reads or writes it any more, no kernel call either. */
export function giveMemory(memory: Buffer): void {
  if (memory.buffer === places?.memory.buffer) places.free.push(memory);
  else giveFree(memory);
}

function giveFree(memory: Buffer): void {
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
