import { randomBytes } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { crc32 } from "node:zlib";
import { syncFolder } from "@mayday/storage";
import { decodeEntry, type EncodedEntry, frameOf, readFrame, SALT_BYTES } from "./entry.ts";

/** Where an entry stands in the journal. */
export interface Place {
  /** Path of the segment. */
  readonly path: string;
  /** Bytes from the file's beginning. */
  readonly at: number;
  /** Bytes. */
  readonly length: number;
  /** Whether an earlier process wrote it. */
  readonly isLeft?: true;
}

/** What an earlier process left in a segment. */
export interface Left {
  /** The entries that may not be in storage yet, in their order. */
  readonly places: Place[];
  /** Whether something stands there that was durable once and cannot be read. */
  readonly isDamaged: boolean;
}

/**
 * The header, little endian: magic; number of this use of a file (64 bits; 0: the file is free); its salt; number of the
 * last write of which everything is in storage (32 bits); CRC-32 of all that.
 */
const MAGIC = Buffer.from("MaydayJ3");
const USE_AT = 8;
const SALT_AT = 16;
const STORED_AT = SALT_AT + SALT_BYTES;
const CRC_AT = STORED_AT + 4;
const HEADER_BYTES = CRC_AT + 4;

const ZEROS = Buffer.alloc(4 * 1024 * 1024);

/**
 * One use of a file of the journal. Files are filled with zeros once and used again: then their blocks are there already,
 * and a flush writes the bytes and nothing else of the file system.
 */
export class Segment {
  readonly path: string;
  /** Later uses, of whatever file, have higher ones. Given when it gets its first entry. */
  use: number;
  /** Bytes of the file. */
  readonly capacity: number;
  readonly #file: FileHandle;
  readonly #salt: Buffer;
  #size = HEADER_BYTES;
  /** Number of the next write; of the first it is 1. */
  #batch = 1;
  /** Entries that are not in storage yet. */
  #left = 0;
  #isHeaderWritten: boolean;
  /** Whether something in it cannot be read: the file is kept for somebody to look at. */
  isDamaged = false;
  /** Whether no more is appended. */
  isSealed = false;
  /** Whether the file has lost its size, and with it its use. */
  isCut = false;

  private constructor(
    path: string,
    file: FileHandle,
    capacity: number,
    header?: { use: number; salt: Buffer },
  ) {
    this.path = path;
    this.#file = file;
    this.capacity = capacity;
    this.use = header?.use ?? 0;
    this.#salt = header?.salt ?? randomBytes(SALT_BYTES);
    this.#isHeaderWritten = false;
  }

  /** Makes a file of zeros, durably. Throws EEXIST when there is one of that path, and leaves it alone. */
  static async fill(path: string, capacity: number): Promise<void> {
    const file = await open(path, "wx");
    try {
      for (let at = 0; at < capacity; at += ZEROS.length) {
        await file.write(ZEROS, 0, Math.min(ZEROS.length, capacity - at), at);
      }
      await file.sync();
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await syncFolder(dirname(path));
  }

  /** Opens a free file to be used. */
  static async begin(path: string): Promise<Segment> {
    const file = await open(path, "r+");
    const { size, nlink } = await file.stat();
    if (nlink === 0) throw new Error(`${path} was removed`);
    return new Segment(path, file, size);
  }

  /**
   * Opens what an earlier process left; "free" when there is nothing in it, "unknown" when it is no segment.
   * What is found is sealed.
   */
  static async reopen(path: string): Promise<Segment | "free" | "unknown"> {
    const file = await open(path, "r+");
    const header = Buffer.alloc(HEADER_BYTES);
    await file.read(header, 0, HEADER_BYTES, 0);
    const isHeader =
      header.subarray(0, MAGIC.length).equals(MAGIC) && header.readUInt32LE(CRC_AT) === crcOf(header);
    const use = isHeader ? Number(header.readBigUInt64LE(USE_AT)) : 0;
    if (use === 0) {
      await file.close();
      return isHeader || header.every((byte) => byte === 0) ? "free" : "unknown";
    }
    const { size } = await file.stat();
    const salt = Buffer.from(header.subarray(SALT_AT, STORED_AT));
    const segment = new Segment(path, file, size, { use, salt });
    segment.#batch = header.readUInt32LE(STORED_AT) + 1;
    segment.#isHeaderWritten = true;
    segment.isSealed = true;
    return segment;
  }

  /** Bytes that are used. */
  get size(): number {
    return this.#size;
  }

  /** Bytes that are still to be had. */
  get room(): number {
    return this.isSealed ? 0 : this.capacity - this.#size;
  }

  /** Bytes of a file that holds one entry of so many. */
  static capacityFor(entryBytes: number): number {
    return HEADER_BYTES + entryBytes;
  }

  /** Appends entries in one write and one flush. When it throws, none of them counts as written. */
  async append(entries: readonly EncodedEntry[]): Promise<Place[]> {
    const places: Place[] = [];
    const pieces: Uint8Array[] = this.#isHeaderWritten ? [] : [this.#header(0)];
    let end = this.#size;
    for (const entry of entries) {
      pieces.push(frameOf(entry, this.#salt, this.#batch), ...entry.pieces);
      places.push({ path: this.path, at: end, length: entry.length });
      end += entry.length;
    }
    const from = this.#isHeaderWritten ? this.#size : 0;
    const { bytesWritten } = await this.#file.writev(pieces, from);
    if (bytesWritten !== end - from) throw new Error(`${bytesWritten} of ${end - from} bytes were written`);
    await this.#file.datasync();
    this.#isHeaderWritten = true;
    this.#batch++;
    this.#size = end;
    this.#left += places.length;
    return places;
  }

  #header(stored: number, use = this.use): Buffer {
    const header = Buffer.alloc(HEADER_BYTES);
    header.set(MAGIC);
    header.writeBigUInt64LE(BigInt(use), USE_AT);
    header.set(this.#salt, SALT_AT);
    header.writeUInt32LE(stored, STORED_AT);
    header.writeUInt32LE(crcOf(header), CRC_AT);
    return header;
  }

  /** Takes back what a failed append left behind, as far as the disk allows. */
  async cutBack(): Promise<void> {
    this.isCut = true;
    await this.#file.truncate(this.#size).catch(() => undefined);
  }

  /**
   * Finds the entries of a segment that was left behind. What stands behind a damaged entry is found, too: frames are looked
   * for by their salt.
   * @param isLast whether nothing was written after it: then its last write may be cut off, and was answered to nobody
   */
  async scan(isLast: boolean): Promise<Left> {
    const bytes = Buffer.allocUnsafe(this.capacity);
    const { bytesRead } = await this.#file.read(bytes, 0, this.capacity, 0);
    const { found, endsDamaged } = this.#framesIn(bytes.subarray(0, bytesRead));
    const lastBatch = found.at(-1)?.batch ?? 0;
    const stored = this.#batch - 1;
    const mayBeCutOff = (batch: number) => isLast && batch === lastBatch;
    this.isDamaged =
      (endsDamaged && !isLast) || found.some(({ batch, followsGap }) => followsGap && !mayBeCutOff(batch));
    const places = found
      .filter(({ batch }) => batch > stored)
      .filter(
        ({ batch, at, length }) =>
          !mayBeCutOff(batch) || decodeEntry(bytes.subarray(at, at + length)) !== undefined,
      )
      .map(({ at, length }) => ({ path: this.path, at, length, isLeft: true as const }));
    this.#left = places.length;
    this.#batch = lastBatch + 1;
    this.#size = bytesRead;
    // A cut-off end would look like damage once there are later segments.
    const goodEnd = places.at(-1) ?? { at: HEADER_BYTES, length: 0 };
    const isCutOff = found.some(({ at, batch }) => batch > stored && at > goodEnd.at);
    if (isLast && !this.isDamaged && (endsDamaged || isCutOff)) {
      this.#size = Math.max(
        goodEnd.at + goodEnd.length,
        ...found.map(({ at, length, batch }) => (batch > stored ? 0 : at + length)),
      );
      await this.cutBack();
    }
    return { places, isDamaged: this.isDamaged };
  }

  #framesIn(bytes: Buffer) {
    const found: { at: number; length: number; batch: number; followsGap: boolean }[] = [];
    let followsGap = false;
    for (let at = HEADER_BYTES; at < bytes.length; ) {
      const frame = readFrame(bytes.subarray(at), this.#salt);
      if (frame !== undefined && frame.length > 0 && at + frame.length <= bytes.length) {
        found.push({ at, length: frame.length, batch: frame.batch, followsGap });
        followsGap = false;
        at += frame.length;
        continue;
      }
      const isStart = bytes.subarray(at, at + SALT_BYTES).equals(this.#salt);
      const next = bytes.indexOf(this.#salt, at + 1);
      if (next < 0) return { found, endsDamaged: followsGap || isStart };
      followsGap = true;
      at = next;
    }
    return { found, endsDamaged: followsGap };
  }

  /** Whether all that was appended is in storage, and no more will be. */
  get isDone(): boolean {
    return this.isSealed && this.#left === 0;
  }

  /** So many of its entries are in storage. What a kill leaves behind is looked through from the last mark on. */
  async moved(entries: number): Promise<void> {
    this.#left -= entries;
    // The mark is not flushed: without it entries are stored once more, which does no harm.
    if (this.#left === 0 && !this.isSealed) await this.#mark(this.#header(this.#batch - 1));
  }

  /** Lets the file be used again. */
  async free(): Promise<void> {
    await this.#mark(this.#header(0, 0));
  }

  async #mark(header: Buffer): Promise<void> {
    await this.#file.write(header, 0, HEADER_BYTES, 0).catch(() => undefined);
  }

  close(): Promise<void> {
    return this.#file.close();
  }
}

function crcOf(header: Buffer): number {
  return crc32(header.subarray(0, CRC_AT));
}
