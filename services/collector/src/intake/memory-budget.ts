/** A request whose body is being read. */
export interface Reader {
  pause(): void;
  resume(): void;
}

/** What one request holds of the budget. */
export interface Share {
  /** So many more bytes are in memory. May pause the reader. */
  add(bytes: number): void;
  /** Nothing more will be read; what was read stays counted. */
  endReading(): void;
  /** The bytes are in memory no longer. */
  release(): void;
}

/**
 * Bounds the bytes of reports that are in memory at a time. When they are used up, all requests wait but the oldest that
 * is still being read: it goes on, so that something always gets done, and the bound is passed by one body at most.
 */
export class MemoryBudget {
  readonly #limit: number;
  readonly #reading = new Set<Reader>();
  readonly #paused = new Set<Reader>();
  #used = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  open(reader: Reader): Share {
    let held = 0;
    this.#reading.add(reader);
    const endReading = () => {
      this.#reading.delete(reader);
      this.#paused.delete(reader);
      this.#resume();
    };
    return {
      add: (bytes) => {
        held += bytes;
        this.#used += bytes;
        if (this.#used > this.#limit && this.#reading.has(reader) && !this.#isOldest(reader)) {
          this.#paused.add(reader);
          reader.pause();
        }
      },
      endReading,
      release: () => {
        this.#used -= held;
        held = 0;
        endReading();
      },
    };
  }

  #isOldest(reader: Reader): boolean {
    return this.#reading.values().next().value === reader;
  }

  #resume(): void {
    for (const reader of this.#paused) {
      if (this.#used > this.#limit && !this.#isOldest(reader)) continue;
      this.#paused.delete(reader);
      reader.resume();
    }
  }
}
