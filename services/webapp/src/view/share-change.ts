/** How a share changed: the ratio of two shares with its 95 % interval. */
export interface ShareChange {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** `unclear` where chance alone may explain it. */
  readonly says: "more" | "less" | "unclear" | "absent before";
}

const Z95 = 1.96;
/** Fewer crashes tell nothing of what is new. */
const LEAST_NEW = 3;

/**
 * Compares `count` of `total` with `before` of `totalBefore`: the logarithm of a ratio of two shares is nearly normal
 * (the interval of a relative risk). Undefined where one of the totals is 0.
 */
export function shareChange(
  count: number,
  total: number,
  before: number,
  totalBefore: number,
): ShareChange | undefined {
  if (total === 0 || totalBefore === 0) return undefined;
  if (before === 0) {
    const says = count >= LEAST_NEW ? "absent before" : "unclear";
    return { ratio: Number.POSITIVE_INFINITY, low: 0, high: Number.POSITIVE_INFINITY, says };
  }
  const ratio = count / total / (before / totalBefore);
  const spread = Z95 * Math.sqrt(1 / Math.max(count, 1) - 1 / total + 1 / before - 1 / totalBefore);
  const [low, high] = [ratio * Math.exp(-spread), ratio * Math.exp(spread)];
  return { ratio, low, high, says: low > 1 ? "more" : high < 1 ? "less" : "unclear" };
}
