/** A piece of a list: items as they are, or a run of items that came several times. */
export type Piece<T> =
  | { readonly kind: "items"; readonly items: readonly T[] }
  | { readonly kind: "run"; readonly period: number; readonly times: number; readonly items: readonly T[] };

const LONGEST_PERIOD = 12;
const LEAST_TIMES = 3;
const LEAST_ITEMS = 6;

/** Finds what recurs right behind itself, as the frames of a recursion do. @param key what makes two items equal */
export function foldRuns<T>(items: readonly T[], key: (item: T) => string): Piece<T>[] {
  const keys = items.map(key);
  const pieces: Piece<T>[] = [];
  let plain: T[] = [];
  for (let at = 0; at < items.length; ) {
    const run = runAt(keys, at);
    if (run === undefined) {
      plain.push(items[at++]!);
      continue;
    }
    if (plain.length > 0) pieces.push({ kind: "items", items: plain });
    plain = [];
    const length = run.period * run.times;
    pieces.push({ kind: "run", ...run, items: items.slice(at, at + length) });
    at += length;
  }
  if (plain.length > 0) pieces.push({ kind: "items", items: plain });
  return pieces;
}

function runAt(keys: readonly string[], at: number): { period: number; times: number } | undefined {
  for (let period = 1; period <= LONGEST_PERIOD && at + 2 * period <= keys.length; period++) {
    let length = period;
    while (at + length < keys.length && keys[at + length] === keys[at + length - period]) length++;
    const times = Math.floor(length / period);
    if (times >= LEAST_TIMES && times * period >= LEAST_ITEMS) return { period, times };
  }
  return undefined;
}
