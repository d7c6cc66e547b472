import { isExactNumber } from "@mayday/crash";

/** Whether two JSON values are the same: numbers by their value, whatever digits say it; keys in any order. */
export function isSame(a: unknown, b: unknown): boolean {
  if (isNumber(a) && isNumber(b)) return sameNumber(digits(a), digits(b));
  if (isNumber(a) || isNumber(b)) return false;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((item, index) => isSame(item, b[index]));
  if (isObject(a) && isObject(b)) {
    const keys = Object.keys(a);
    return (
      keys.length === Object.keys(b).length &&
      keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]))
    );
  }
  return a === b;
}

const isNumber = (value: unknown): value is number | { rawJSON: string } =>
  typeof value === "number" || isExactNumber(value);

const digits = (value: number | { rawJSON: string }) =>
  isExactNumber(value) ? value.rawJSON : String(value);

function sameNumber(a: string, b: string): boolean {
  if (a === b) return true;
  // Whole numbers beyond a double's 53 bits would be equal as doubles.
  return /^-?\d+$/.test(a) && /^-?\d+$/.test(b) ? BigInt(a) === BigInt(b) : Number(a) === Number(b);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
