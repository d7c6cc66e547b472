import type { WriteStream } from "node:tty";

const SHOW_EVERY_MS = 200;

export interface Progress {
  /** So much more is done. */
  add(amount: number): void;
  end(): void;
}

/**
 * Tells how far something long is, in one line that is written over, where a person looks on.
 * @param text says what is done so far
 */
export function progressOn(
  terminal: Pick<WriteStream, "isTTY" | "write">,
  text: (done: number) => string,
): Progress {
  let done = 0;
  // The clock begins with the process: 0 would be a moment ago in a young one.
  let shownAt = Number.NEGATIVE_INFINITY;
  return {
    add(amount) {
      done += amount;
      const now = performance.now();
      if (!terminal.isTTY || now - shownAt < SHOW_EVERY_MS) return;
      shownAt = now;
      terminal.write(`\r${text(done)} `);
    },
    end() {
      if (Number.isFinite(shownAt)) terminal.write("\r\u001b[K");
    },
  };
}
