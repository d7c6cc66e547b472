const EVERY_MS = 2000;

/** Says on standard error, every few seconds, how far a long run has come. Short runs say nothing. */
export function createProgress(what: string, total: number | undefined): () => void {
  let done = 0;
  let said = performance.now();
  return () => {
    done += 1;
    const now = performance.now();
    if (now - said < EVERY_MS) return;
    said = now;
    const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
    console.error(`${what} ${done.toLocaleString("en")}${of} …`);
  };
}
