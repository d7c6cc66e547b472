import type { Frame } from "./frame.ts";

/** Frames kept at each end of a stack. Runaway recursion fills a stack with a million; its ends tell all. */
const KEPT_AT_EACH_END = 10_000;

/** The frames of a thread, of which the middle is let go when there are very many. */
export class KeptFrames {
  readonly #first: Frame[] = [];
  /** A ring: the youngest `KEPT_AT_EACH_END` frames behind the first ones. */
  readonly #last: Frame[] = [];
  #count = 0;
  #youngest: Frame | undefined;
  #secondYoungest: Frame | undefined;

  push(frame: Frame): void {
    if (this.#first.length < KEPT_AT_EACH_END) this.#first.push(frame);
    else this.#last[(this.#count - KEPT_AT_EACH_END) % KEPT_AT_EACH_END] = frame;
    this.#count++;
    this.#secondYoungest = this.#youngest;
    this.#youngest = frame;
  }

  /** Frames walked, kept or not. */
  get count(): number {
    return this.#count;
  }

  /** The outermost frame so far; there is always one when a caller is looked for. */
  get last(): Frame {
    return this.#youngest!;
  }

  /** The frame that {@link last} called. */
  get beforeLast(): Frame | undefined {
    return this.#secondYoungest;
  }

  /** Frames let go between the first and the last ones. */
  get omitted(): number {
    return this.#count - this.#first.length - this.#last.length;
  }

  /** The frames kept, innermost first. */
  get frames(): readonly Frame[] {
    const oldest = this.omitted === 0 ? 0 : (this.#count - KEPT_AT_EACH_END) % KEPT_AT_EACH_END;
    return [...this.#first, ...this.#last.slice(oldest), ...this.#last.slice(0, oldest)];
  }

  /** Index up to which frames are kept without a gap. */
  get gapAt(): number {
    return this.#first.length;
  }
}
