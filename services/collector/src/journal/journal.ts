import { randomBytes } from "node:crypto";
import { access, constants, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MaydayError } from "@mayday/crash";
import { BLOCK_BYTES, blockMemory, wholeBlocks } from "@mayday/storage/direct-io";
import { type EncodedEntry, type Entry, encodeEntry, SALT_BYTES } from "./entry.ts";
import { RecentMemory } from "./recent-memory.ts";
import { type Place, Segment, type SegmentFile } from "./segment.ts";

export interface JournalOptions {
  readonly folder: string;
  /** Bytes that may stand in the journal; more are refused. */
  readonly maxBytes: number;
  /** Size of its files, in whole blocks. */
  readonly segmentBytes: number;
}

interface Append {
  readonly entry: EncodedEntry;
  done(): void;
  failed(error: unknown): void;
}

const SUFFIX = ".segment";
/** One write's bytes. Larger ones take longer, and who comes meanwhile waits for them. */
const WRITE_BYTES = 8 * 1024 * 1024;
/** Several batches of the mover: one is moved while the next is gathered. */
const RECENT_BYTES = 128 * 1024 * 1024;
/**
 * Files of so large a share of what may stand in the journal are kept to be used again: whoever comes in a burst would wait
 * for each to be filled, and those writes take the disk from the others.
 */
const FREE_SHARE = 1 / 4;
/** As many are kept of them while no collector runs. */
const FREE_AT_REST = 1;

/**
 * Makes entries durable at the price of one synchronous write for all that arrive while the one before it runs. They wait
 * in files, in their order, until the mover has put them into storage.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #recent = new RecentMemory(RECENT_BYTES);
  /** For writes that have no place there. */
  readonly #memory = blockMemory(WRITE_BYTES);
  readonly #segments = new Set<Segment>();
  /** Paths of files that can be used. */
  readonly #free: string[] = [];
  /** The file to use next: filling one takes a while, and opening one some turns of a busy loop. */
  #ahead: Promise<SegmentFile | undefined> | undefined;
  #current: Segment | undefined;
  /** Of the next use of a file. */
  #sequence = 1;
  /** Of the next file. */
  #number = 1;
  #waiting: Append[] = [];
  #writing: Promise<void> | undefined;
  #error: unknown;
  #isClosing = false;
  /** Told of what was made durable. */
  onAppended: (places: readonly Place[]) => void = () => undefined;

  private constructor(options: JournalOptions) {
    this.#options = { ...options, segmentBytes: wholeBlocks(options.segmentBytes) };
  }

  /** Opens the journal in a folder, with what earlier processes left to be moved. */
  static async open(
    options: JournalOptions,
  ): Promise<{ journal: Journal; left: Place[]; damaged: string[] }> {
    await mkdir(options.folder, { recursive: true });
    const journal = new Journal(options);
    const { segments, damaged } = await journal.#reopen(await readdir(options.folder));
    const left: Place[] = [];
    for (const segment of segments) {
      for (const place of await segment.scan(segment === segments.at(-1))) left.push(place);
      if (segment.isDamaged) damaged.push(segment.path);
      await segment.close();
    }
    journal.#openAhead();
    return { journal, left, damaged };
  }

  /** The segments that were in use, in their order. What is none is put out of the way. */
  async #reopen(files: readonly string[]): Promise<{ segments: Segment[]; damaged: string[] }> {
    const segments: Segment[] = [];
    const damaged: string[] = [];
    for (const name of files) {
      // Damaged ones count too: no later one may take their place.
      this.#number = Math.max(this.#number, (Number.parseInt(name, 10) || 0) + 1);
      if (!name.endsWith(SUFFIX)) continue;
      const path = join(this.#options.folder, name);
      const found = await Segment.reopen(path, this.#onDone);
      if (found === "free") await this.#keep(path, (await stat(path)).size);
      else if (found === "unknown") {
        damaged.push(path);
        await rename(path, `${path}.damaged`);
      } else segments.push(found);
    }
    segments.sort((a, b) => a.sequence - b.sequence);
    for (const segment of segments) this.#segments.add(segment);
    this.#sequence = (segments.at(-1)?.sequence ?? 0) + 1;
    return { segments, damaged };
  }

  /** Memory in which entries are found that have a copy. */
  get recent(): Buffer {
    return this.#recent.memory;
  }

  /** Bytes that stand in segments of which something is to be moved. */
  get bytes(): number {
    return this.#segments.values().reduce((sum, { size }) => sum + size, 0);
  }

  /** Throws when the last entries could not be made durable, or the folder cannot be written. */
  async check(): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await access(this.#options.folder, constants.W_OK);
  }

  /** Whether there is no room for another segment. */
  get isFull(): boolean {
    return this.bytes + this.#options.segmentBytes > this.#options.maxBytes;
  }

  /**
   * Returns when the entry is durable.
   * @throws {MaydayError} JOURNAL_FULL; and what the file system throws
   */
  append(entry: Entry): Promise<void> {
    const encoded = encodeEntry(entry);
    if (this.bytes + wholeBlocks(encoded.length) > this.#options.maxBytes) {
      return Promise.reject(new MaydayError("JOURNAL_FULL"));
    }
    return new Promise<void>((done, failed) => {
      this.#waiting.push({ entry: encoded, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Writes until nothing waits. Whatever arrives during a write shares the next one. */
  async #write(): Promise<void> {
    for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
      let batch: Append[] = [];
      try {
        const segment = await this.#segmentFor(wholeBlocks(first.entry.length));
        batch = this.#take(segment.room);
        const places = await this.#append(
          segment,
          batch.map(({ entry }) => entry),
        );
        this.#error = undefined;
        for (const { done } of batch) done();
        this.onAppended(places);
      } catch (error) {
        this.#error = error;
        await this.#leaveCurrent();
        // Without a segment nobody's entry can be written.
        if (batch.length === 0) batch = this.#waiting.splice(0);
        for (const { failed } of batch) failed(error);
      }
    }
    // At once, not when this promise is seen to end: what is appended in between would wait for nobody.
    this.#writing = undefined;
  }

  /** Lays the entries out where the mover can take them as they are, if there is room. */
  async #append(segment: Segment, entries: readonly EncodedEntry[]): Promise<Place[]> {
    const bytes = entries.reduce((sum, { length }) => sum + wholeBlocks(length), 0);
    const recent = this.#recent.take(segment.writeLength(bytes));
    if (recent === undefined) return segment.append(entries, this.#memory);
    try {
      const places = await segment.append(entries, recent.bytes);
      recent.handOn(places.length);
      const release = () => recent.release();
      const from = segment.size - recent.bytes.length;
      return places.map((place) => ({ ...place, copy: { at: recent.at + place.at - from, release } }));
    } catch (error) {
      recent.release();
      throw error;
    }
  }

  /** What one write takes of those that wait: at least the first. */
  #take(room: number): Append[] {
    let bytes = 0;
    let count = 0;
    for (const { entry } of this.#waiting) {
      bytes += wholeBlocks(entry.length);
      if (count > 0 && (bytes > room || bytes > WRITE_BYTES)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #segmentFor(bytes: number): Promise<Segment> {
    if (this.#current !== undefined && this.#current.room >= bytes) return this.#current;
    await this.#current?.close();
    this.#current = undefined;
    const file = await this.#fileFor(bytes);
    const header = { sequence: this.#sequence++, salt: randomBytes(SALT_BYTES) };
    this.#current = new Segment(file, header, this.#onDone);
    this.#segments.add(this.#current);
    this.#openAhead();
    return this.#current;
  }

  async #fileFor(bytes: number): Promise<SegmentFile> {
    const needed = bytes + BLOCK_BYTES;
    // One that is too large for all of them gets a file of its own.
    if (needed > this.#options.segmentBytes) return Segment.open(await this.#fill(needed));
    const ahead = await this.#ahead;
    this.#ahead = undefined;
    if (ahead === undefined) return this.#openFree();
    // What was removed meanwhile would take entries that nobody finds again.
    if ((await ahead.file.stat()).nlink > 0) return ahead;
    await ahead.file.close();
    return this.#openFree();
  }

  #openAhead(): void {
    // One that could not be had is tried again when it is needed, and told then.
    if (!this.#isClosing) this.#ahead ??= this.#openFree().catch(() => undefined);
  }

  async #openFree(): Promise<SegmentFile> {
    const free = this.#free.pop();
    // A file that went away is no reason to refuse a report.
    const file = free === undefined ? undefined : await Segment.open(free).catch(() => undefined);
    return file ?? Segment.open(await this.#fill(this.#options.segmentBytes));
  }

  async #fill(bytes: number): Promise<string> {
    const path = join(this.#options.folder, `${String(this.#number++).padStart(12, "0")}${SUFFIX}`);
    await Segment.fill(path, bytes);
    return path;
  }

  #onDone = async (segment: Segment): Promise<void> => {
    this.#segments.delete(segment);
    if (!segment.isDamaged) await this.#keep(segment.path, segment.isReusable ? segment.capacity : 0);
  };

  /** Keeps a file to be used again, where it can be. */
  async #keep(path: string, bytes: number): Promise<void> {
    const { segmentBytes, maxBytes } = this.#options;
    const hasRoom = (this.#free.length + 1) * segmentBytes <= maxBytes * FREE_SHARE;
    if (bytes === segmentBytes && (hasRoom || this.#free.length < FREE_AT_REST)) this.#free.push(path);
    else await rm(path, { force: true });
  }

  /** After a failed write nobody knows what is in the file behind its good part: it gets no more. */
  async #leaveCurrent(): Promise<void> {
    const segment = this.#current;
    this.#current = undefined;
    await segment?.cutBack();
    await segment?.close();
  }

  /** Lets go of all files; of those with nothing left to move few stay. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#writing;
    const ahead = await this.#ahead;
    await ahead?.file.close();
    if (ahead !== undefined) this.#free.push(ahead.path);
    await this.#current?.close();
    for (const segment of this.#segments) await segment.abandon();
    for (const path of this.#free.splice(FREE_AT_REST)) await rm(path, { force: true });
  }
}
