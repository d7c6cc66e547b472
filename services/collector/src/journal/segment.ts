import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { entryLength, FRAME_BYTES } from "./entry.ts";

/** Where an entry stands. */
export interface Place {
  readonly segment: Segment;
  readonly at: number;
  /** Bytes, frame included. */
  readonly length: number;
}

/** One file of the journal. It is written by appending, and removed when nothing of it is left to be moved. */
export class Segment {
  readonly path: string;
  readonly #file: FileHandle;
  #size: number;
  /** Entries that are not in storage yet. */
  #left = 0;
  #closed = false;
  #removed = false;
  #damaged = false;

  private constructor(path: string, file: FileHandle, size: number) {
    this.path = path;
    this.#file = file;
    this.#size = size;
  }

  /** Makes a new segment, durably: a file is only there when its folder says so. */
  static async create(path: string): Promise<Segment> {
    const file = await open(path, "wx+");
    await syncFolder(dirname(path));
    return new Segment(path, file, 0);
  }

  /** Opens a segment that an earlier process left. */
  static async reopen(path: string): Promise<Segment> {
    const file = await open(path, "r");
    return new Segment(path, file, (await file.stat()).size);
  }

  get size(): number {
    return this.#size;
  }

  /** Appends entries and syncs once for all of them. When it throws, none of them counts as written. */
  async append(entries: readonly (readonly Uint8Array[])[]): Promise<Place[]> {
    const buffers = entries.flat();
    const places: Place[] = [];
    let at = this.#size;
    for (const entry of entries) {
      const length = entry.reduce((sum, bytes) => sum + bytes.length, 0);
      places.push({ segment: this, at, length });
      at += length;
    }
    const { bytesWritten } = await this.#file.writev(buffers, this.#size);
    if (bytesWritten !== at - this.#size) throw new Error("the disk took a part of the entries only");
    await this.#file.datasync();
    this.#size = at;
    this.#left += places.length;
    return places;
  }

  /** Takes back what a failed append left behind, as far as the disk allows. */
  async cutBack(): Promise<void> {
    await this.#file.truncate(this.#size).catch(() => undefined);
  }

  /** Reads into `bytes` what stands at `at`; returns what was there. */
  async read(bytes: Buffer, at: number): Promise<Buffer> {
    let read = 0;
    while (read < bytes.length) {
      const { bytesRead } = await this.#file.read(bytes, read, bytes.length - read, at + read);
      if (bytesRead === 0) break;
      read += bytesRead;
    }
    return bytes.subarray(0, read);
  }

  /** The entries of a segment that was left behind. What a kill cut off at its end was answered to nobody. */
  async scan(): Promise<Place[]> {
    const places: Place[] = [];
    const frame = Buffer.alloc(FRAME_BYTES);
    for (let at = 0; at + FRAME_BYTES <= this.#size; ) {
      const length = entryLength(await this.read(frame, at));
      if (length === undefined) this.#damaged = true;
      if (length === undefined || at + length > this.#size) break;
      places.push({ segment: this, at, length });
      at += length;
    }
    this.#left = places.length;
    return places;
  }

  /** No more is appended; once all is moved the file goes. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#removeWhenDone();
  }

  /** So many of its entries are in storage. */
  async moved(entries: number): Promise<void> {
    this.#left -= entries;
    await this.#removeWhenDone();
  }

  get isRemoved(): boolean {
    return this.#removed;
  }

  get isDamaged(): boolean {
    return this.#damaged;
  }

  /** Something in it cannot be read: the file is kept, out of the journal's way, for somebody to look at. */
  markDamaged(): void {
    this.#damaged = true;
  }

  async #removeWhenDone(): Promise<void> {
    if (!this.#closed || this.#left > 0 || this.#removed) return;
    this.#removed = true;
    await this.#file.close();
    if (this.#damaged) await rename(this.path, `${this.path}.damaged`);
    else await rm(this.path, { force: true });
  }

  /** Lets go of the file without removing it; what is left is found at the next start. */
  async abandon(): Promise<void> {
    if (this.#removed) return;
    this.#removed = true;
    await this.#file.close();
  }
}

async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
