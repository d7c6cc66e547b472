/** A version of a sample product: when it came out, and who uses it. */
export interface Build {
  readonly product: "Teapot" | "Kettle";
  readonly version: string;
  readonly channel: "release" | "beta" | "nightly";
  /** Days before now. */
  readonly age: number;
  /** Its share of the product's users once it is out. */
  readonly users: number;
  /** The share of its reports that the throttle rules keep, percent. */
  readonly kept: number;
}

/** The newest of a channel last. */
export const builds: readonly Build[] = [
  { product: "Teapot", version: "1.4.2", channel: "release", age: 80, users: 1, kept: 10 },
  { product: "Teapot", version: "1.5.0", channel: "release", age: 33, users: 9, kept: 10 },
  { product: "Teapot", version: "1.6.0b3", channel: "beta", age: 26, users: 2, kept: 100 },
  { product: "Teapot", version: "1.6.0", channel: "release", age: 9, users: 12, kept: 10 },
  { product: "Teapot", version: "1.6.1b1", channel: "beta", age: 8, users: 3, kept: 100 },
  { product: "Teapot", version: "1.7.0a1", channel: "nightly", age: 21, users: 1, kept: 100 },
  { product: "Kettle", version: "2.2.4", channel: "release", age: 45, users: 5, kept: 25 },
  { product: "Kettle", version: "2.3.0", channel: "release", age: 12, users: 8, kept: 25 },
];

/** Which of two versions is the later one: numbers by their size, and what is behind them as text. */
export function isAtLeast(version: string, since: string): boolean {
  const parts = (text: string) => text.split(/[.ab]/).map(Number);
  const [a, b] = [parts(version), parts(since)];
  for (let at = 0; at < 3; at++) {
    const difference = (a[at] ?? 0) - (b[at] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}
