import { constants } from "node:fs";
import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import {
  BLOCK_BYTES,
  blockMemory,
  GatheringWriter,
  openDirect,
  syncFolder,
  wholeBlocks,
  writeAll,
} from "@mayday/storage/direct-io";
import { decodeEntry, type EncodedEntry, FRAME_BYTES, frameOf, readFrame } from "./entry.ts";
import { readBlocks } from "./read-blocks.ts";
import { decodeHeader, encodeHeader, type SegmentHeader } from "./segment-header.ts";

/** A file of the journal, open to be used. */
export interface SegmentFile {
  readonly path: string;
  readonly file: FileHandle;
  /** Bytes of the file. */
  readonly capacity: number;
}

/** Where an entry stands. */
export interface Place {
  readonly segment: Segment;
  readonly at: number;
  /** Bytes, in whole blocks. */
  readonly length: number;
  /** Where the entry is in the journal's recent memory, too, until that is told that nobody needs it. */
  readonly copy?: { readonly at: number; release(): void };
}

/** Writes are durable when they return. The file's size and blocks stay as they are, so that nothing but the bytes need be written. */
const FLAGS = constants.O_RDWR | (constants.O_DSYNC ?? constants.O_SYNC ?? 0);

/** Each write waits for a turn of the event loop: under load many small ones take longer than the file before it lasts. */
const ZEROS = 4 * 1024 * 1024;
let zeros: Buffer | undefined;
const NO_SALT = new Uint8Array(16);
let freeMark: Buffer | undefined;

/**
 * One use of a file of the journal. The file is filled before it is used and used again when all that stood in it is
 * moved: then its blocks are there already, and writing bytes into them touches nothing else of the file system.
 * A header says which use it is; entries follow, each at a block.
 */
export class Segment {
  readonly path: string;
  /** Bytes of the file. */
  readonly capacity: number;
  readonly #file: FileHandle;
  readonly #header: SegmentHeader;
  readonly #onDone: (segment: Segment) => Promise<void>;
  /** Bytes that are used, the header's included. 0 while nothing was written. */
  #size = 0;
  #batch = 0;
  /** Entries that are not in storage yet. */
  #left = 0;
  #isClosed = false;
  #isDone = false;
  #isDamaged = false;
  #isCut = false;

  /** Begins a use of a file. @param onDone told when all that was written is moved, and no more will be */
  constructor(
    { path, file, capacity }: SegmentFile,
    header: SegmentHeader,
    onDone: (segment: Segment) => Promise<void>,
  ) {
    this.path = path;
    this.capacity = capacity;
    this.#file = file;
    this.#header = header;
    this.#onDone = onDone;
  }

  /** Makes a free file, durably. */
  static async fill(path: string, capacity: number): Promise<void> {
    zeros ??= blockMemory(ZEROS);
    try {
      await (await open(path, "wx")).close();
      const file = await openDirect(path, constants.O_WRONLY);
      try {
        for (let at = 0; at < capacity; at += ZEROS) {
          await writeAll(file, zeros.subarray(0, Math.min(ZEROS, capacity - at)), at);
        }
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
    await syncFolder(dirname(path));
  }

  /** Opens a free file. */
  static async open(path: string): Promise<SegmentFile> {
    const file = await openDirect(path, FLAGS);
    return { path, file, capacity: (await file.stat()).size };
  }

  /** Opens what an earlier process left; "free" when there is nothing in it, "unknown" when it is no segment. */
  static async reopen(
    path: string,
    onDone: (segment: Segment) => Promise<void>,
  ): Promise<Segment | "free" | "unknown"> {
    const file = await open(path, FLAGS);
    const block = Buffer.alloc(BLOCK_BYTES);
    await file.read(block, 0, BLOCK_BYTES, 0);
    const header = decodeHeader(block);
    if (header !== undefined && header.sequence > 0) {
      return new Segment({ path, file, capacity: (await file.stat()).size }, header, onDone);
    }
    await file.close();
    return header !== undefined || block.every((byte) => byte === 0) ? "free" : "unknown";
  }

  get sequence(): number {
    return this.#header.sequence;
  }

  get size(): number {
    return this.#size;
  }

  /** Bytes that entries of so many blocks ask for in the next write. */
  writeLength(bytes: number): number {
    return bytes + (this.#size === 0 ? BLOCK_BYTES : 0);
  }

  get isDamaged(): boolean {
    return this.#isDamaged;
  }

  /** Bytes that are still to be had. */
  get room(): number {
    return this.capacity - Math.max(this.#size, BLOCK_BYTES);
  }

  /**
   * Appends entries, laid out in `memory` as they stand in the file, in one write where it holds them all. When it throws,
   * none of them counts as written.
   */
  async append(entries: readonly EncodedEntry[], memory: Buffer): Promise<Place[]> {
    const places: Place[] = [];
    const writer = new GatheringWriter(this.#file.fd, memory, { at: this.#size });
    if (this.#size === 0) await writer.add(encodeHeader(this.#header));
    let at = Math.max(this.#size, BLOCK_BYTES);
    for (const entry of entries) {
      await writer.add(frameOf(entry, { salt: this.#header.salt, batch: this.#batch }));
      for (const piece of entry.pieces) await writer.add(piece);
      writer.pad();
      places.push({ segment: this, at, length: wholeBlocks(entry.length) });
      at += wholeBlocks(entry.length);
    }
    await writer.flush();
    this.#batch++;
    this.#size = at;
    this.#left += places.length;
    return places;
  }

  /** Whether the file can be used again when this use is done. */
  get isReusable(): boolean {
    return !this.#isDamaged && !this.#isCut;
  }

  /** Takes back what a failed append left behind, as far as the disk allows. */
  async cutBack(): Promise<void> {
    this.#isCut = true;
    await this.#file.truncate(this.#size).catch(() => undefined);
  }

  /** Reads into `bytes`, whole blocks of block memory, what stands at `at`; returns what was there. */
  read(bytes: Buffer, at: number): Promise<Buffer> {
    return readBlocks(this.#file, bytes, at);
  }

  /**
   * The entries of a segment that was left behind.
   * @param isLast whether nothing was written after it: then its last write may have been cut off, and was answered to nobody
   */
  async scan(isLast: boolean): Promise<Place[]> {
    const bytes = await this.read(Buffer.allocUnsafeSlow(this.capacity), 0);
    const found = this.#entriesIn(bytes);
    const lastBatch = found.at(-1)?.batch;
    const mayBeCutOff = (batch: number) => isLast && batch === lastBatch;
    this.#isDamaged = found.some(({ batch, followsGap }) => followsGap && !mayBeCutOff(batch));
    const places = found
      .filter(({ batch, entry }) => !mayBeCutOff(batch) || decodeEntry(entry) !== undefined)
      .map(({ place }) => place);
    this.#size = bytes.length;
    this.#left = places.length;
    return places;
  }

  /** Looks behind gaps, too: what stands behind a frame that cannot be read is not lost with it. */
  #entriesIn(bytes: Buffer): { place: Place; batch: number; entry: Buffer; followsGap: boolean }[] {
    const found: { place: Place; batch: number; entry: Buffer; followsGap: boolean }[] = [];
    let followsGap = false;
    for (let at = BLOCK_BYTES; at < bytes.length; ) {
      const frame = readFrame(bytes.subarray(at, at + FRAME_BYTES), this.#header.salt);
      const length = frame === undefined ? BLOCK_BYTES : wholeBlocks(frame.length);
      if (frame === undefined || at + length > bytes.length) followsGap = true;
      else {
        const entry = bytes.subarray(at, at + length);
        found.push({ place: { segment: this, at, length }, batch: frame.batch, entry, followsGap });
        followsGap = false;
      }
      at += length;
    }
    return found;
  }

  /** No more is appended; once all is moved it is done. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#endWhenDone();
  }

  /** So many of its entries are in storage. */
  async moved(entries: number): Promise<void> {
    this.#left -= entries;
    await this.#endWhenDone();
  }

  /** Something in it cannot be read: the file is kept, out of the journal's way, for somebody to look at. */
  markDamaged(): void {
    this.#isDamaged = true;
  }

  async #endWhenDone(): Promise<void> {
    if (!this.#isClosed || this.#left > 0 || this.#isDone) return;
    this.#isDone = true;
    // What is not marked is only looked through again.
    if (!this.#isDamaged) await this.#markFree().catch(() => undefined);
    await this.#file.close();
    if (this.#isDamaged) await rename(this.path, `${this.path}.damaged`);
    await this.#onDone(this);
  }

  async #markFree(): Promise<void> {
    if (freeMark === undefined) {
      freeMark = blockMemory(BLOCK_BYTES);
      freeMark.set(encodeHeader({ sequence: 0, salt: NO_SALT }));
    }
    await this.#file.write(freeMark, 0, BLOCK_BYTES, 0);
  }

  /** Lets go of the file; what is left in it is found at the next start. */
  async abandon(): Promise<void> {
    if (this.#isDone) return;
    this.#isDone = true;
    await this.#file.close();
  }
}

/** Entries are in storage, or given up. */
export async function endPlaces(places: readonly Place[]): Promise<void> {
  for (const { copy } of places) copy?.release();
  for (const [segment, moved] of Map.groupBy(places, ({ segment }) => segment))
    await segment.moved(moved.length);
}
