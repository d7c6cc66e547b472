import type { PackedBatch, PackingStore } from "@mayday/storage";
import type { Entry } from "../journal/entry.ts";

/** A batch that is durable in a pack, and what is to be told of it. */
export interface KeptBatch {
  readonly batch: PackedBatch;
  readonly entries: readonly KeptEntry[];
}

export interface KeptEntry extends Pick<Entry, "queue" | "id"> {
  /** Of its last object. */
  readonly key: string;
}

interface Append {
  readonly entry: Entry;
  /** Bytes of its objects. */
  readonly bytes: number;
  done(): void;
  failed(error: unknown): void;
}

/** One write's bytes. Larger ones take longer, and who comes meanwhile waits for them. */
const WRITE_BYTES = 8 * 1024 * 1024;
/** What is kept meanwhile is told together: each telling wakes a thread, which one client pays for. */
const GATHER_MS = 100;

/**
 * Keeps reports where they stay: what arrives during one write shares the next, and that write puts them into a pack of
 * the store. There is nothing to move behind it; whoever is told by `onKept` lets them be found. What was not told when a
 * process dies is found when the store is opened again.
 */
export class PackKeeper {
  readonly #store: Pick<PackingStore, "append" | "check" | "close">;
  #waiting: Append[] = [];
  #writing: Promise<void> | undefined;
  #kept: KeptBatch[] = [];
  #telling: NodeJS.Timeout | undefined;
  #error: unknown;
  /** Told of what was made durable. */
  onKept: (kept: readonly KeptBatch[]) => void = () => undefined;

  constructor(store: Pick<PackingStore, "append" | "check" | "close">) {
    this.#store = store;
  }

  /** Never: the disk is. */
  readonly isFull = false;

  /** Throws when the last reports could not be made durable, or the store cannot be used. */
  async check(): Promise<void> {
    if (this.#error !== undefined) throw this.#error;
    await this.#store.check();
  }

  /**
   * Returns when the entry is durable.
   * @throws {MaydayError} STORAGE_UNAVAILABLE, STORAGE_BAD_KEY
   */
  append(entry: Entry): Promise<void> {
    const bytes = entry.objects.reduce((sum, object) => sum + object.bytes.length, 0);
    return new Promise<void>((done, failed) => {
      this.#waiting.push({ entry, bytes, done, failed });
      this.#writing ??= this.#write();
    });
  }

  async #write(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#take();
      try {
        await this.#keep(batch.map(({ entry }) => entry));
        this.#error = undefined;
        for (const { done } of batch) done();
      } catch (error) {
        this.#error = error;
        for (const { failed } of batch) failed(error);
      }
    }
    // At once, not when this promise is seen to end: what is appended in between would wait for nobody.
    this.#writing = undefined;
  }

  async #keep(entries: readonly Entry[]): Promise<void> {
    const batch = await this.#store.append(entries.flatMap(({ objects }) => objects));
    const kept = entries.map(({ queue, id, objects }) => ({ queue, id, key: objects.at(-1)?.key ?? "" }));
    this.#kept.push({ batch, entries: kept });
    this.#telling ??= setTimeout(() => this.#tell(), GATHER_MS);
  }

  /** What one write takes of those that wait: at least the first. */
  #take(): Append[] {
    let bytes = 0;
    let count = 0;
    for (const append of this.#waiting) {
      bytes += append.bytes;
      if (count > 0 && bytes > WRITE_BYTES) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  #tell(): void {
    clearTimeout(this.#telling);
    this.#telling = undefined;
    const kept = this.#kept.splice(0);
    if (kept.length > 0) this.onKept(kept);
  }

  /** Returns when all that was appended is kept and told. */
  async close(): Promise<void> {
    await this.#writing;
    this.#tell();
    await this.#store.close();
  }
}
