/**
 * Numbers as Python reads them, since clients and scripts of Super Search were written against it: blanks around, a sign,
 * digits of any script, `_` between digits.
 */

/** Python's `int(text)`; undefined where it refuses. */
export function parseInteger(text: string): bigint | undefined {
  const digits = asciiDigits(text.trim());
  if (!/^[+-]?\d+(?:_\d+)*$/.test(digits) || digits.length > 4300) return undefined;
  return BigInt(digits.replaceAll("_", "").replace(/^\+/, ""));
}

/** Python's `float(text)`, infinities and NaN included; undefined where it refuses. */
export function parseFloatingPoint(text: string): number | undefined {
  const digits = asciiDigits(text.trim());
  const special = /^([+-]?)(?:(inf|infinity)|nan)$/i.exec(digits);
  if (special !== null) {
    if (special[2] === undefined) return Number.NaN;
    return special[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  const number = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
  return number.test(digits) ? Number(digits.replaceAll("_", "")) : undefined;
}

/** The text with every decimal digit of Unicode as one of ASCII. */
export function asciiDigits(text: string): string {
  return text.replace(/(?![0-9])\p{Nd}/gu, (digit) => String(digitValue(digit.codePointAt(0)!)));
}

/** Unicode's decimal digits come in runs that begin with a zero. */
function digitValue(codePoint: number): number {
  let zero = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1))) zero--;
  return (codePoint - zero) % 10;
}
