import { access, constants, mkdir, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MaydayError } from "@mayday/crash";
import { type Entry, encodeEntry } from "./entry.ts";
import { type Place, Segment } from "./segment.ts";

export interface JournalOptions {
  readonly folder: string;
  /** Bytes that may stand in the journal; more are refused. */
  readonly maxBytes: number;
  /** A new file is begun after so many bytes. */
  readonly segmentBytes: number;
}

interface Append {
  readonly buffers: readonly Uint8Array[];
  done(): void;
  failed(error: unknown): void;
}

const SUFFIX = ".segment";

/**
 * Makes entries durable at the price of one sync for all that arrive while the one before it runs. They wait in files,
 * in their order, until the mover has put them into storage.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #segments = new Set<Segment>();
  #current: Segment | undefined;
  #number: number;
  #waiting: Append[] = [];
  #writing: Promise<void> | undefined;
  #error: unknown;
  /** Told of what was made durable. */
  onAppended: (places: readonly Place[]) => void = () => undefined;

  private constructor(options: JournalOptions, number: number) {
    this.#options = options;
    this.#number = number;
  }

  /** Opens the journal in a folder, with what earlier processes left to be moved. */
  static async open(
    options: JournalOptions,
  ): Promise<{ journal: Journal; left: Place[]; damaged: string[] }> {
    await mkdir(options.folder, { recursive: true });
    const files = await readdir(options.folder);
    const names = files.filter((name) => name.endsWith(SUFFIX)).sort();
    // Damaged ones count too: no later one may take their place.
    const numbers = files.map((name) => Number.parseInt(name, 10) || 0);
    const journal = new Journal(options, Math.max(0, ...numbers) + 1);
    const left: Place[] = [];
    const damaged: string[] = [];
    for (const name of names) {
      const segment = await Segment.reopen(join(options.folder, name));
      journal.#segments.add(segment);
      for (const place of await segment.scan()) left.push(place);
      if (segment.isDamaged) damaged.push(segment.path);
      await segment.close();
    }
    return { journal, left, damaged };
  }

  /** Bytes that stand in the journal, moved or not. */
  get bytes(): number {
    let sum = 0;
    for (const segment of this.#segments) {
      if (segment.isRemoved) this.#segments.delete(segment);
      else sum += segment.size;
    }
    return sum;
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
    const buffers = encodeEntry(entry);
    const length = buffers.reduce((sum, bytes) => sum + bytes.length, 0);
    if (this.bytes + length > this.#options.maxBytes) return Promise.reject(new MaydayError("JOURNAL_FULL"));
    return new Promise<void>((done, failed) => {
      this.#waiting.push({ buffers, done, failed });
      this.#writing ??= this.#write();
    });
  }

  /** Writes until nothing waits. Whatever arrives during a sync shares the next one. */
  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        const segment = await this.#segment();
        const places = await segment.append(batch.map(({ buffers }) => buffers));
        this.#error = undefined;
        for (const { done } of batch) done();
        this.onAppended(places);
      } catch (error) {
        this.#error = error;
        await this.#leaveCurrent();
        for (const { failed } of batch) failed(error);
      }
    }
    // At once, not when this promise is seen to end: what is appended in between would wait for nobody.
    this.#writing = undefined;
  }

  async #segment(): Promise<Segment> {
    if (this.#current !== undefined && this.#current.size >= this.#options.segmentBytes) {
      await this.#current.close();
      this.#current = undefined;
    }
    if (this.#current === undefined) {
      const name = `${String(this.#number++).padStart(12, "0")}${SUFFIX}`;
      this.#current = await Segment.create(join(this.#options.folder, name));
      this.#segments.add(this.#current);
    }
    return this.#current;
  }

  /** After a failed write or sync nobody knows what is in the file behind its good part: it gets no more. */
  async #leaveCurrent(): Promise<void> {
    const segment = this.#current;
    this.#current = undefined;
    await segment?.cutBack();
    await segment?.close();
  }

  /** Lets go of all files; those with nothing left to move are removed. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#current?.close();
    for (const segment of this.#segments) await segment.abandon();
  }
}
