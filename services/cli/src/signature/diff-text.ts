import type { SignatureDiff } from "@mayday/signature";

/** Entries of each list that people are shown; --json has all. */
const MOST_SHOWN = 20;

/** A diff of signatures for people. */
export function diffText(diff: SignatureDiff, skipped: number): string {
  const { crashes, changed, signatures, changes, splits, merges } = diff;
  const share = crashes === 0 ? "" : ` (${((changed / crashes) * 100).toFixed(1)} %)`;
  return [
    `${number(changed)} of ${number(crashes)} crashes change their signature${share}`,
    ...(skipped === 0 ? [] : [`${number(skipped)} more have no readable processed crash`]),
    `${number(signatures.before)} signatures before, ${number(signatures.after)} after`,
    ...section("change", "changes", changes, ({ from, to, crashes: count, examples }) => [
      `${counted(count)}  ${from}`,
      `${INDENT}→ ${to}`,
      `${INDENT}${examples.join(", ")}`,
    ]),
    ...section("signature splits", "signatures split", splits, ({ from, to }) => [
      `  ${from}`,
      ...shown(to).map((part) => `${INDENT}→ ${counted(part.crashes)}  ${part.signature}`),
      ...more(to),
    ]),
    ...section("signature takes others in", "signatures take others in", merges, ({ to, from }) => [
      `  ${to}`,
      ...shown(from).map((part) => `${INDENT}← ${counted(part.crashes)}  ${part.signature}`),
      ...more(from),
    ]),
  ].join("\n");
}

const INDENT = " ".repeat(12);

function section<T>(
  one: string,
  many: string,
  entries: readonly T[],
  lines: (entry: T) => readonly string[],
): string[] {
  if (entries.length === 0) return [];
  const title = `${number(entries.length)} ${entries.length === 1 ? one : many}`;
  return ["", title, ...shown(entries).flatMap(lines), ...more(entries)];
}

const shown = <T>(entries: readonly T[]): readonly T[] => entries.slice(0, MOST_SHOWN);

const more = (entries: readonly unknown[]): string[] =>
  entries.length > MOST_SHOWN
    ? [`${INDENT}and ${number(entries.length - MOST_SHOWN)} more (--json has all)`]
    : [];

const number = (value: number): string => value.toLocaleString("en");

const counted = (value: number): string => number(value).padStart(10);
