const SMALLEST = 64 * 1024;
/** Bodies that are larger are few. */
const LARGEST = 4 * 1024 * 1024;
/** As much is kept for the next bodies, bytes. */
const MOST_KEPT = 64 * 1024 * 1024;

const free = new Map<number, Buffer[]>();
let kept = 0;

/**
 * Memory for at least so many bytes; what is in it is not to be read. Bodies use theirs one after the other: at full load
 * new memory for each makes V8 look through its whole heap ten times a second.
 */
export function takeBuffer(bytes: number): Buffer {
  const size = bytes > LARGEST ? bytes : Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(bytes)));
  const buffer = free.get(size)?.pop();
  if (buffer === undefined) return Buffer.allocUnsafeSlow(size);
  kept -= size;
  return buffer;
}

/** Gives back what was taken; nobody reads or writes it any more, no system call either. */
export function giveBuffer(buffer: Buffer): void {
  const size = buffer.length;
  if (size < SMALLEST || size > LARGEST || kept + size > MOST_KEPT) return;
  kept += size;
  const others = free.get(size);
  if (others === undefined) free.set(size, [buffer]);
  else others.push(buffer);
}
