import { closeSync, fstatSync, mkdirSync, openSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { tryLock } from "@mayday/lock";

/** How large a log file may get, and how many earlier ones stay beside it. */
export interface LogLimits {
  /** Bytes; a file may get some more before it is set aside. 0 sets no file aside. */
  readonly maxBytes: number;
  /** Earlier files, `<file>.1` the newest. */
  readonly keep: number;
}

/** How often a writer looks whether its file is still the one of that name, ms. */
const LOOK_MS = 1000;

/**
 * Lines at the end of a file that other threads and processes write too. A writer goes on with a new file when somebody
 * sets the old one aside: another writer, or logrotate.
 */
export class LogFile {
  readonly #path: string;
  readonly #limits: LogLimits;
  #fd: number;
  #lookedAt = Date.now();
  #unseenBytes = 0;

  /** @throws when the file cannot be opened */
  constructor(path: string, limits: LogLimits) {
    this.#path = path;
    this.#limits = limits;
    mkdirSync(dirname(path), { recursive: true });
    this.#fd = openSync(path, "a");
  }

  /** @throws when the bytes cannot be written */
  write(bytes: Uint8Array): void {
    this.#look();
    this.#unseenBytes += bytes.length;
    for (let from = 0; from < bytes.length; ) from += writeSync(this.#fd, bytes, from);
  }

  /** Not at every line: it costs as much as writing one. */
  #look(): void {
    const { maxBytes } = this.#limits;
    const isSoon = maxBytes > 0 && this.#unseenBytes > maxBytes / 8;
    if (!isSoon && Math.abs(Date.now() - this.#lookedAt) < LOOK_MS) return;
    this.#lookedAt = Date.now();
    this.#unseenBytes = 0;
    try {
      if (maxBytes > 0 && sizeOf(this.#path) > maxBytes) this.#setAside();
      const mine = fstatSync(this.#fd).ino;
      if (statSync(this.#path, { throwIfNoEntry: false })?.ino !== mine) this.#openAnew();
    } catch {
      // The old file goes on being written: better than none.
    }
  }

  #openAnew(): void {
    const fd = openSync(this.#path, "a");
    closeSync(this.#fd);
    this.#fd = fd;
  }

  #setAside(): void {
    const lock = `${this.#path}.lock`;
    const unlock = tryLock(lock);
    // Another writer does it just now.
    if (unlock === undefined) return;
    try {
      // Or did it a moment ago.
      if (sizeOf(this.#path) <= this.#limits.maxBytes) return;
      this.#moveUp();
    } finally {
      rmSync(lock, { force: true });
      unlock();
    }
  }

  #moveUp(): void {
    const { keep } = this.#limits;
    const numbered = (n: number) => (n === 0 ? this.#path : `${this.#path}.${n}`);
    rmSync(numbered(keep), { force: true });
    for (let n = keep - 1; n >= 0; n--) {
      if (statSync(numbered(n), { throwIfNoEntry: false })) renameSync(numbered(n), numbered(n + 1));
    }
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
