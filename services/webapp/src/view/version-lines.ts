/** When the first build of a version was made. */
export interface VersionStart {
  readonly version: string;
  readonly at: Date;
}

/** A line of a plot over days. */
export interface VersionLine extends VersionStart {
  /** Where it stands, from 0 to 1 of the plot's width. */
  readonly x: number;
}

const DAY_MS = 86_400_000;
/** With more of them one sees no crashes. */
const MOST_LINES = 8;

/**
 * Where versions begin on a plot of so many days, the last one today, in the order of time. Of too many the first of the
 * list count.
 */
export function versionLines(starts: readonly VersionStart[], days: number, today: Date): VersionLine[] {
  const end = Date.parse(today.toISOString().slice(0, 10)) + DAY_MS;
  const begin = end - days * DAY_MS;
  return starts
    .filter(({ at }) => at.getTime() >= begin && at.getTime() < end)
    .slice(0, MOST_LINES)
    .map((start) => ({ ...start, x: (start.at.getTime() - begin) / (end - begin) }))
    .toSorted((a, b) => a.x - b.x);
}

/** A line's label: in which row it stands, on which side of its line. */
export interface PlacedLabel extends VersionLine {
  readonly row: number;
  readonly isLeft: boolean;
}

/** Of a label set in 11 px, px. */
const CHARACTER = 7;
const GAP = 10;
const MOST_ROWS = 3;

/**
 * Places labels so that none is over another on a plot that is at least so many pixels wide: in the first row that has
 * room. Where none has, a line goes without: the text below the plot names it.
 */
export function placedLabels(lines: readonly VersionLine[], width: number): PlacedLabel[] {
  const ends: number[] = [];
  return lines.flatMap((line) => {
    const size = [...line.version].length * CHARACTER + GAP;
    const at = line.x * width;
    const isLeft = at + size > width;
    const [from, to] = isLeft ? [at - size, at] : [at, at + size];
    if (from < 0) return [];
    const row = Array.from({ length: MOST_ROWS }, (_, index) => index).find(
      (index) => (ends[index] ?? 0) <= from,
    );
    if (row === undefined) return [];
    ends[row] = to;
    return [{ ...line, row, isLeft }];
  });
}
