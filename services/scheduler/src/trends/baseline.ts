import type { TrendKind } from "@mayday/records";

/** Counts of a signature, a day each. */
export interface History {
  /** The last one is the day that is judged. Days before the data begins are not there. */
  readonly counts: readonly number[];
  /** How many crashes one that is there stands for, on the average: 1 where all are kept. */
  readonly weight: number;
}

export interface Judgement {
  readonly kind: TrendKind;
  readonly count: number;
  readonly expected: number;
  readonly high: number;
  readonly days: number;
}

const WEEK = 7;
/** A baseline needs as many of the same weekday. */
const LEAST_WEEKS = 3;
/** Deviations beyond which a day is not the weeks' doing: of 2,000 steady signatures less than one a day (see the test). */
const Z = 5;
const LEAST_RATIO = 1.5;
/** Fewer crashes that are there tell nothing. */
const LEAST_CRASHES = 10;
/** New is what has no crash before the last days; gone what has none in them. */
export const RECENT_DAYS = 3;
const LEAST_NEW = 5;
/** Gone needs so many to be missed. */
const LEAST_MISSED = 20;
/** From a deviation's median to the normal distribution's deviation. */
const MAD_TO_SIGMA = 1.4826;
/** How much wider a median strays than a mean does. */
const MEDIAN_VARIANCE = Math.PI / 2;

/**
 * Judges a signature's last day against the same weekday of the weeks before: their median, and the median of the
 * deviations from it, which a single odd week does not move; never less than the spread that counts have by chance.
 * @returns undefined where nothing stands out or too little is known
 */
export function judge({ counts, weight }: History): Judgement | undefined {
  const weeks = Math.floor((counts.length - 1) / WEEK);
  if (weeks < LEAST_WEEKS) return undefined;
  const recent = counts.slice(-RECENT_DAYS);
  const before = counts.slice(0, -RECENT_DAYS);
  const seen = sum(recent);
  if (sum(before) === 0)
    return seen >= LEAST_NEW * weight
      ? { kind: "new", count: seen, expected: 0, high: 0, days: RECENT_DAYS }
      : undefined;
  const expected = recent.map((_, ago) => baseline(counts, RECENT_DAYS - 1 - ago));
  const missed = sum(expected.map(({ median }) => median));
  if (seen === 0 && missed >= LEAST_MISSED * weight)
    return { kind: "gone", count: 0, expected: missed, high: missed, days: RECENT_DAYS };
  const last = counts.at(-1)!;
  const { median, spread } = expected.at(-1)!;
  const by = Math.max(spread, Math.sqrt(Math.max(median, weight) * weight));
  const high = median + Z * by * Math.sqrt(1 + MEDIAN_VARIANCE / weeks);
  const isMore = last > high && last >= LEAST_RATIO * median && last >= LEAST_CRASHES * weight;
  return isMore ? { kind: "rising", count: last, expected: median, high, days: 1 } : undefined;
}

/** Of the day so many days ago: the median of the same weekday before it, and how the others stray from that. */
function baseline(counts: readonly number[], ago: number): { median: number; spread: number } {
  const days: number[] = [];
  for (let at = counts.length - 1 - ago - WEEK; at >= 0; at -= WEEK) days.push(counts[at]!);
  const median = medianOf(days);
  return { median, spread: MAD_TO_SIGMA * medianOf(days.map((count) => Math.abs(count - median))) };
}

function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length === 0
    ? 0
    : ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
