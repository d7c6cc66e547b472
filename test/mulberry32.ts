/** Numbers from 0 up to, not including, 1 that a seed decides, so that what they find can be found again (mulberry32). */
export function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Whole numbers from 0 up to, not including, a bound. */
export type Draw = (below: number) => number;

/** The same as whole numbers. */
export function draws(seed: number): Draw {
  const random = mulberry32(seed);
  return (below) => Math.floor(random() * below);
}

/** A count of what happens `mean` times on the average, by Knuth's way. */
export function poisson(mean: number, random: () => number): number {
  const least = Math.exp(-mean);
  let count = 0;
  for (let product = random(); product > least; product *= random()) count++;
  return count;
}
