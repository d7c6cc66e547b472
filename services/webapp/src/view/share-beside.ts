/** One value of a field: its share among the signature's crashes and among all. */
export interface ShareBeside {
  readonly term: string;
  readonly count: number;
  /** From 0 to 1. */
  readonly here: number;
  readonly all: number;
  /** Whether they differ beyond chance and by ten points or more. */
  readonly standsOut: boolean;
  /** The difference that chance leaves at the least, in either direction. */
  readonly surely: number;
}

/** So many crashes of so many. */
interface Part {
  readonly count: number;
  readonly total: number;
}

const Z95 = 1.96;
const STANDS_OUT = 0.1;

/**
 * The difference of two shares with its interval, corrected for counts being whole numbers.
 * @param z how many standard deviations the interval reaches: 95 % when unsaid
 */
export function shareBeside(term: string, part: Part, whole: Part, z = Z95): ShareBeside {
  const here = part.total === 0 ? 0 : part.count / part.total;
  const all = whole.total === 0 ? 0 : whole.count / whole.total;
  const variance =
    (here * (1 - here)) / Math.max(part.total, 1) + (all * (1 - all)) / Math.max(whole.total, 1);
  const correction = 0.5 * (1 / Math.max(part.total, 1) + 1 / Math.max(whole.total, 1));
  const surely = Math.max(0, Math.abs(here - all) - z * Math.sqrt(variance) - correction);
  const standsOut = surely > 0 && Math.abs(here - all) >= STANDS_OUT;
  return { term, count: part.count, here, all, standsOut, surely };
}

/** How far intervals reach so that all of so many hold at once with 95 %: of a thousand of 95 % each fifty would not. */
export function zOfMany(intervals: number): number {
  // A normal tail's end, for small tails: the first terms of its expansion.
  const t = 2 * Math.log((2 * Math.max(1, intervals)) / 0.05);
  return Math.max(Z95, Math.sqrt(t - Math.log(t) - Math.log(2 * Math.PI)));
}
