import { MaydayError } from "@mayday/errors";

/**
 * The bytes of symbols that may be read from sources on somebody's behalf: texts, inflated, and symcaches that lie
 * beside them. What is in memory or in the machine's symcache folder costs nothing.
 */
export class ByteBudget {
  readonly #most: number;
  #spent = 0;

  constructor(most = Number.POSITIVE_INFINITY) {
    this.#most = most;
  }

  get spent(): number {
    return this.#spent;
  }

  /** Whether nothing is left; what is begun then is stopped at once. */
  get isSpent(): boolean {
    return this.#spent >= this.#most;
  }

  /**
   * The pieces, counted as they are read.
   * @throws {MaydayError} SYMBOLS_OVER_BUDGET, in the middle of them, when they are more than is left
   */
  async *counted(pieces: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    for await (const piece of pieces) {
      this.spend(piece.length);
      yield piece;
    }
  }

  /** Counts bytes that are read. @throws {MaydayError} SYMBOLS_OVER_BUDGET when they are more than is left */
  spend(bytes: number): void {
    this.#spent += bytes;
    if (this.#spent > this.#most) throw overBudget();
  }
}

export function overBudget(): MaydayError {
  return new MaydayError("SYMBOLS_OVER_BUDGET");
}

export function isOverBudget(error: unknown): boolean {
  return error instanceof MaydayError && error.code === "SYMBOLS_OVER_BUDGET";
}
