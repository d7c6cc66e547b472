import { access, constants, mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { MaydayError } from "@mayday/errors";
import { type EncodedEntry, type Entry, encodeEntry } from "./entry.ts";
import { type Place, Segment } from "./segment.ts";

export interface JournalOptions {
  readonly folder: string;
  /** Bytes that may stand in the journal; more are refused. */
  readonly maxBytes: number;
  /** Size of its files. */
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
/** Files of so large a share of what may stand in the journal are kept to be used again; filling one holds up the disk. */
const FREE_SHARE = 1 / 4;
/** As many are kept of them while no collector runs. */
const FREE_AT_REST = 1;

/**
 * The write-ahead log of a collector. An entry is durable at the price of one write and one flush for all that arrive
 * while the one before runs (group commit). Entries wait in segments until the mover has put them into storage.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segments = new Map<string, Segment>();
  /** Paths of files that can be used. */
  readonly #free: string[] = [];
  /** A segment to use next: filling one takes a while. */
  #next: Promise<Segment | undefined> | undefined;
  #current: Segment | undefined;
  /** Bytes that stand in segments which get no more. */
  #sealedBytes = 0;
  /** Of the next segment that gets entries. */
  #use = 1;
  /** In the name of the next file. */
  #number = 1;
  #waiting: Append[] = [];
  #writing: Promise<void> | undefined;
  #error: unknown;
  #isClosing = false;
  /** Told of what was made durable. */
  onAppended: (places: readonly Place[]) => void = () => undefined;

  private constructor(options: JournalOptions) {
    this.#options = options;
  }

  /**
   * Opens the journal in a folder that nobody else uses.
   * @returns with what earlier processes left to be moved, and the paths of segments in which something is damaged
   */
  static async open(
    options: JournalOptions,
  ): Promise<{ journal: Journal; left: Place[]; damaged: string[] }> {
    await mkdir(options.folder, { recursive: true });
    const journal = new Journal(options);
    const { segments, damaged } = await journal.#reopen(await readdir(options.folder));
    const left: Place[] = [];
    for (const segment of segments) {
      const { places, isDamaged } = await segment.scan(segment === segments.at(-1));
      for (const place of places) left.push(place);
      if (isDamaged) damaged.push(segment.path);
      journal.#sealedBytes += segment.size;
      await journal.#endWhenDone(segment);
    }
    journal.#prepareNext();
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
      const found = await Segment.reopen(path);
      if (found === "free") await this.#keep(path, (await stat(path)).size);
      else if (found === "unknown") {
        damaged.push(path);
        await rename(path, `${path}.damaged`);
      } else segments.push(found);
    }
    segments.sort((a, b) => a.use - b.use);
    for (const segment of segments) this.#segments.set(segment.path, segment);
    this.#use = (segments.at(-1)?.use ?? 0) + 1;
    return { segments, damaged };
  }

  /** Bytes that stand in segments of which something is to be moved. */
  get bytes(): number {
    return this.#sealedBytes + (this.#current?.size ?? 0);
  }

  /** Whether there is no room for another segment. */
  get isFull(): boolean {
    return this.bytes + this.#options.segmentBytes > this.#options.maxBytes;
  }

  /** Throws when the last entries could not be made durable, or the folder cannot be written. */
  async check(): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await access(this.#options.folder, constants.W_OK);
  }

  /**
   * Returns when the entry is durable.
   * @throws {MaydayError} JOURNAL_FULL; and what the file system throws
   */
  append(entry: Entry): Promise<void> {
    const encoded = encodeEntry(entry);
    if (this.bytes + encoded.length > this.#options.maxBytes) {
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
        const segment = await this.#segmentFor(first.entry.length);
        batch = this.#take(segment.room);
        const places = await segment.append(batch.map(({ entry }) => entry));
        this.#error = undefined;
        for (const { done } of batch) done();
        this.onAppended(places);
      } catch (error) {
        this.#error = error;
        // After a failed write nobody knows what is in the file behind its good part: it gets no more.
        await this.#current?.cutBack();
        await this.#seal();
        // Without a segment nobody's entry can be written.
        if (batch.length === 0) batch = this.#waiting.splice(0);
        for (const { failed } of batch) failed(error);
      }
    }
    // At once, not when this promise is seen to end: what is appended in between would wait for nobody.
    this.#writing = undefined;
  }

  /** What one write takes of those that wait: at least the first. */
  #take(room: number): Append[] {
    let bytes = 0;
    let count = 0;
    for (const { entry } of this.#waiting) {
      bytes += entry.length;
      if (count > 0 && (bytes > room || bytes > WRITE_BYTES)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  async #segmentFor(bytes: number): Promise<Segment> {
    if (this.#current !== undefined && this.#current.room >= bytes) return this.#current;
    await this.#seal();
    const needed = Segment.capacityFor(bytes);
    // One that is too large for all of them gets a file of its own.
    const segment =
      needed > this.#options.segmentBytes
        ? await Segment.begin(await this.#fill(needed))
        : await this.#takeNext();
    segment.use = this.#use++;
    this.#current = segment;
    this.#segments.set(segment.path, segment);
    this.#prepareNext();
    return segment;
  }

  async #takeNext(): Promise<Segment> {
    const next = await this.#next;
    this.#next = undefined;
    return next ?? this.#beginFree();
  }

  #prepareNext(): void {
    // One that could not be had is tried again when it is needed, and told then.
    if (!this.#isClosing) this.#next ??= this.#beginFree().catch(() => undefined);
  }

  async #beginFree(): Promise<Segment> {
    const free = this.#free.pop();
    // A file that went away is no reason to refuse a report.
    const segment = free === undefined ? undefined : await Segment.begin(free).catch(() => undefined);
    return segment ?? Segment.begin(await this.#fill(this.#options.segmentBytes));
  }

  async #fill(bytes: number): Promise<string> {
    const path = join(this.#options.folder, `${String(this.#number++).padStart(12, "0")}${SUFFIX}`);
    await Segment.fill(path, bytes);
    return path;
  }

  /** The current segment gets no more. */
  async #seal(): Promise<void> {
    const segment = this.#current;
    this.#current = undefined;
    if (segment === undefined) return;
    segment.isSealed = true;
    this.#sealedBytes += segment.size;
    await this.#endWhenDone(segment);
  }

  /** The entries at these places are in storage, or given up. */
  async moved(places: readonly Place[]): Promise<void> {
    for (const [path, ended] of Map.groupBy(places, ({ path }) => path)) {
      const segment = this.#segments.get(path);
      await segment?.moved(ended.length);
      if (segment !== undefined) await this.#endWhenDone(segment);
    }
  }

  /** The entry at this place cannot be read: its file is kept, out of the journal's way, for somebody to look at. */
  markDamaged({ path }: Place): void {
    const segment = this.#segments.get(path);
    if (segment !== undefined) segment.isDamaged = true;
  }

  async #endWhenDone(segment: Segment): Promise<void> {
    // Whoever takes it out of the map ends it.
    if (!segment.isDone || !this.#segments.delete(segment.path)) return;
    this.#sealedBytes -= segment.size;
    if (!segment.isDamaged) await segment.free();
    await segment.close();
    if (segment.isDamaged) await rename(segment.path, `${segment.path}.damaged`);
    else await this.#keep(segment.path, segment.isCut ? 0 : segment.capacity);
  }

  /** Keeps a file to be used again, where it can be. */
  async #keep(path: string, bytes: number): Promise<void> {
    const { segmentBytes, maxBytes } = this.#options;
    const hasRoom = (this.#free.length + 1) * segmentBytes <= maxBytes * FREE_SHARE;
    if (bytes === segmentBytes && (hasRoom || this.#free.length < FREE_AT_REST)) this.#free.push(path);
    else await rm(path, { force: true });
  }

  /** Lets go of all files; of those with nothing left to move few stay. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await this.#writing;
    const next = await this.#next;
    if (next !== undefined) {
      await next.close();
      this.#free.push(next.path);
    }
    await this.#seal();
    for (const segment of this.#segments.values()) await segment.close();
    for (const path of this.#free.splice(FREE_AT_REST)) await rm(path, { force: true });
  }
}
