/** Crashes for each 1,000 hours of use, with the interval that holds the true rate in 95 of 100 cases. */
export interface Rate {
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

/** How many crashes stand for how many. */
export interface SampledCount {
  /** Crashes that are there. */
  readonly count: number;
  /** Of how many crashes each of them is one: 10 where one in ten was kept. */
  readonly weight: number;
}

/** Of the normal distribution: 95 of 100 lie within so many deviations. */
const Z = 1.959964;
const PER_HOURS = 1000;

/**
 * The rate of crashes of which each was kept by a known chance, so that it stands for one over that chance.
 *
 * Counts of crashes are Poisson's; the sum of weighted ones has the variance of the sum of squared weights. The interval
 * is Fay's and Feuer's for such sums (1997): below it takes what is there, above one crash more of the largest weight.
 * With weights alike it is Poisson's usual one.
 * @returns undefined where the hours are not known: then there is no rate, and not one of zero
 */
export function rateOf(counts: readonly SampledCount[], hours: number | undefined): Rate | undefined {
  if (hours === undefined || !(hours > 0)) return undefined;
  const total = sum(counts, ({ count, weight }) => count * weight);
  const variance = sum(counts, ({ count, weight }) => count * weight ** 2);
  const largest = Math.max(1, ...counts.map(({ weight }) => weight));
  const perHours = (value: number) => (value * PER_HOURS) / hours;
  return {
    rate: perHours(total),
    low: total > 0 ? perHours(bound(total, variance, -Z)) : 0,
    high: perHours(bound(total + largest, variance + largest ** 2, Z)),
  };
}

/** A limit of the gamma distribution of that mean and variance, by Wilson's and Hilferty's approximation. */
function bound(mean: number, variance: number, z: number): number {
  const shape = mean ** 2 / variance;
  return mean * Math.max(0, 1 - 1 / (9 * shape) + z / (3 * Math.sqrt(shape))) ** 3;
}

const sum = (counts: readonly SampledCount[], of: (one: SampledCount) => number): number =>
  counts.reduce((total, one) => total + of(one), 0);
