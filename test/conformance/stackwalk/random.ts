import { type Draw, draws } from "../../mulberry32.ts";

/** Numbers that look random and are the same for the same seed. */
export class Random {
  /** From 0 up to and without a bound. */
  readonly below: Draw;

  constructor(seed: number) {
    this.below = draws(seed);
  }

  /** True once in `times`. */
  oneIn(times: number): boolean {
    return this.below(times) === 0;
  }

  pick<T>(...choices: readonly T[]): T {
    return choices[this.below(choices.length)]!;
  }

  u32(): number {
    return this.below(2 ** 32);
  }

  u64(): bigint {
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32());
  }

  /** `count` things. */
  many<T>(count: number, make: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => make(index));
  }
}
