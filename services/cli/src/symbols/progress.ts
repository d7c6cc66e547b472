import type { WriteStream } from "node:tty";

const SHOW_EVERY_MS = 200;

/** Tells how far the reading of something long is, in one line that is written over, where a person looks on. */
export function progressOn(
  terminal: Pick<WriteStream, "isTTY" | "write">,
  total: number | undefined,
): { counted(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array>; end(): void } {
  let done = 0;
  let shownAt = 0;
  const show = (now: number) => {
    if (!terminal.isTTY || now - shownAt < SHOW_EVERY_MS) return;
    shownAt = now;
    const share = total ? ` (${Math.floor((100 * done) / total)} %)` : "";
    terminal.write(`\r${(done / 1e6).toFixed(0)} MB read${share} `);
  };
  return {
    async *counted(bytes) {
      for await (const chunk of bytes) {
        done += chunk.length;
        show(performance.now());
        yield chunk;
      }
    },
    end() {
      if (shownAt > 0) terminal.write("\r\u001b[K");
    },
  };
}
