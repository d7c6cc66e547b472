import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** A symcache's bytes, read by position. */
export interface SymcacheBytes {
  readonly length: number;
  /** Copies `length` bytes from `position` on into `target`; throws when they cannot be had. */
  read(position: number, length: number, target: Uint8Array, at?: number): void;
  close(): void;
}

/** A symcache that lies in memory. */
export function bytesInMemory(bytes: Uint8Array): SymcacheBytes {
  return {
    length: bytes.length,
    read: (position, length, target, at = 0) => target.set(bytes.subarray(position, position + length), at),
    close: () => undefined,
  };
}

/**
 * A symcache that lies in a file. It stays readable when the file's name is removed or given to another one.
 * The file is closed when the object is no more in use, too.
 */
export function bytesOfFile(path: string): SymcacheBytes {
  const fd = openSync(path, "r");
  const bytes: SymcacheBytes = {
    length: fstatSync(fd).size,
    read(position, length, target, at = 0) {
      for (let done = 0; done < length; ) {
        const count = readSync(fd, target, at + done, length - done, position + done);
        if (count === 0) throw new Error("the file ends too early");
        done += count;
      }
    },
    close() {
      unused.unregister(bytes);
      closeSync(fd);
    },
  };
  unused.register(bytes, fd, bytes);
  return bytes;
}

/** Walks may still hold what a cache let go of, and so files are closed when the last of them has ended. */
const unused = new FinalizationRegistry<number>((fd) => closeSync(fd));
