const EVERY_MS = 2000;

/**
 * Says on standard error, every few seconds, how far a long run has come. Short runs say nothing.
 * @returns to be called with how much more is done, one by default
 */
export function createProgress(what: string, total: number | undefined): (more?: number) => void {
  let done = 0;
  let said = performance.now();
  return (more = 1) => {
    done += more;
    const now = performance.now();
    if (now - said < EVERY_MS) return;
    said = now;
    const of = total === undefined ? "" : ` of ${total.toLocaleString("en")}`;
    console.error(`${what} ${done.toLocaleString("en")}${of} …`);
  };
}
