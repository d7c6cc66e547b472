/** An address as text, `0x` and as many digits as addresses of the dump have. */
export type Hex = (value: bigint | number) => string;

export function hexOfWidth(bytes: number): Hex {
  return (value) => `0x${value.toString(16).padStart(bytes * 2, "0")}`;
}

export function orNull<T, R>(value: T | undefined, convert: (value: T) => R): R | null {
  return value === undefined ? null : convert(value);
}
