import { randomUUID } from "node:crypto";
import { closeSync, openSync, readSync, unlinkSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { copyBytes } from "../format/byte-writer.ts";

/** What is larger than this goes to the disk. */
const MEMORY_BYTES = 16 * 1024 ** 2;
const CHUNK_BYTES = 256 * 1024;
const SMALL_BYTES = CHUNK_BYTES / 4;

/**
 * Bytes that are appended, then read by position: in memory while they are few, then in a file without a name, which
 * vanishes with the process however that ends. So memory is bounded whatever is appended.
 */
export class SpillingFile {
  readonly #folder: string | undefined;
  readonly #memoryBytes: number;
  #chunks: Buffer[] = [];
  /** How much of the last chunk is in use. */
  #used = CHUNK_BYTES;
  #fd: number | undefined;
  /** Bytes that lie in the file; those of the chunks follow them. */
  #spilled = 0;
  #length = 0;
  /** A stretch of the file that was read last; what is spilled never changes. */
  #ahead: { readonly bytes: Buffer; position: number; length: number } | undefined;

  /** @param folder where the file would be made; the system's temporary one by default */
  constructor(folder?: string, memoryBytes: number = MEMORY_BYTES) {
    this.#folder = folder;
    this.#memoryBytes = memoryBytes;
  }

  get length(): number {
    return this.#length;
  }

  /** @throws an error of the file system, as when the disk is full */
  append(bytes: Uint8Array, from = 0, end: number = bytes.length): void {
    let at = from;
    while (at < end) {
      if (this.#used === CHUNK_BYTES) this.#addChunk();
      const chunk = this.#chunks.at(-1)!;
      const count = Math.min(end - at, CHUNK_BYTES - this.#used);
      copyBytes(bytes, at, at + count, chunk, this.#used);
      this.#used += count;
      at += count;
    }
    this.#length += end - from;
  }

  /** Copies `length` bytes from `position` on into `target`. */
  read(position: number, length: number, target: Uint8Array, at = 0): void {
    const inFile = Math.max(0, Math.min(length, this.#spilled - position));
    if (inFile > 0) this.#readFile(position, inFile, target, at);
    let from = position + inFile - this.#spilled;
    for (let done = inFile; done < length; ) {
      const chunk = this.#chunks[Math.floor(from / CHUNK_BYTES)]!;
      const offset = from % CHUNK_BYTES;
      const count = Math.min(length - done, CHUNK_BYTES - offset);
      copyBytes(chunk, offset, offset + count, target, at + done);
      done += count;
      from += count;
    }
  }

  /** Everything, piece by piece; a piece stands until the next one is asked for. */
  *pieces(): Iterable<Uint8Array> {
    const piece = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let at = 0; at < this.#length; at += CHUNK_BYTES) {
      const length = Math.min(CHUNK_BYTES, this.#length - at);
      this.read(at, length, piece);
      yield piece.subarray(0, length);
    }
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    unused.unregister(this);
    this.#fd = undefined;
    this.#ahead = undefined;
    this.#chunks = [];
  }

  /** Small stretches are mostly read one behind the other: they come from a larger one that is read at once. */
  #readFile(position: number, length: number, target: Uint8Array, at: number): void {
    if (length > SMALL_BYTES) {
      readWhole(this.#fd!, target, at, length, position);
      return;
    }
    this.#ahead ??= { bytes: Buffer.allocUnsafe(CHUNK_BYTES), position: 0, length: 0 };
    const ahead = this.#ahead;
    if (position < ahead.position || position + length > ahead.position + ahead.length) {
      ahead.position = position;
      ahead.length = Math.min(CHUNK_BYTES, this.#spilled - position);
      readWhole(this.#fd!, ahead.bytes, 0, ahead.length, position);
    }
    const from = position - ahead.position;
    copyBytes(ahead.bytes, from, from + length, target, at);
  }

  #addChunk(): void {
    const inUse = this.#chunks.length * CHUNK_BYTES;
    if (inUse > 0 && inUse >= this.#memoryBytes) this.#spill();
    else this.#chunks.push(Buffer.allocUnsafe(CHUNK_BYTES));
    this.#used = 0;
  }

  /** Moves all chunks, which are full, to the file; one is used again. */
  #spill(): void {
    if (this.#fd === undefined) {
      this.#fd = openNameless(this.#folder ?? tmpdir());
      unused.register(this, this.#fd, this);
    }
    for (const chunk of this.#chunks) {
      writeWhole(this.#fd, chunk, this.#spilled);
      this.#spilled += CHUNK_BYTES;
    }
    this.#chunks.length = 1;
  }
}

/** A symcache that could not be saved serves from such a file until the last walk that holds it has ended. */
const unused = new FinalizationRegistry<number>((fd) => closeSync(fd));

function openNameless(folder: string): number {
  const path = join(folder, `.mayday-${randomUUID()}`);
  const fd = openSync(path, "wx+", 0o600);
  unlinkSync(path);
  return fd;
}

function readWhole(fd: number, target: Uint8Array, at: number, length: number, position: number): void {
  for (let done = 0; done < length; ) {
    const count = readSync(fd, target, at + done, length - done, position + done);
    if (count === 0) throw new Error("the scratch file ends too early");
    done += count;
  }
}

function writeWhole(fd: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.length; ) {
    done += writeSync(fd, bytes, done, bytes.length - done, position + done);
  }
}
