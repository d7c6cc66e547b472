import type { ShareChange } from "./share-change.ts";

const WEEK = 7;
const Z95 = 1.96;
/** Fewer crashes tell nothing. */
const LEAST = 10;

/**
 * How the last week stands against the weeks before, of full weeks, so that each weekday is held against itself: the
 * ratio of two rates with its 95 % interval. Undefined where there are too few crashes, or no weeks before.
 * @param days counts by day, the last one today
 */
export function risen(days: readonly number[]): ShareChange | undefined {
  const weeksBefore = Math.floor((days.length - WEEK) / WEEK);
  const sum = (some: readonly number[]) => some.reduce((all, one) => all + one, 0);
  const now = sum(days.slice(-WEEK));
  const before = sum(days.slice(-WEEK * (weeksBefore + 1), -WEEK));
  if (weeksBefore < 1 || before === 0 || now + before < LEAST) return undefined;
  const ratio = (now * weeksBefore) / before;
  const spread = Z95 * Math.sqrt(1 / Math.max(now, 1) + 1 / before);
  const [low, high] = [ratio * Math.exp(-spread), ratio * Math.exp(spread)];
  return { ratio, low, high, says: low > 1 ? "more" : high < 1 ? "less" : "unclear" };
}
