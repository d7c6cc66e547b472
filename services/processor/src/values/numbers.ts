import { type ExactNumber, exactNumber, isExactNumber } from "@mayday/crash";
import { trimmed } from "./annotation-text.ts";

/** More digits than Python reads; none of a crash's numbers comes near. */
const MOST_DIGITS = 4300;

/** A whole number of any size. */
export type Whole = number | ExactNumber;

/**
 * A whole number from text: digits of any script, a sign, white space around, `_` between digits, any size. Undefined for
 * anything else, `12.0` among it.
 */
export function wholeOfText(text: string): Whole | undefined {
  const [, sign = "", digits = ""] = /^([+-]?)(\p{Nd}+(?:_\p{Nd}+)*)$/u.exec(trimmed(text)) ?? [];
  const plain = asciiDigits(digits.replaceAll("_", "")).replace(/^0+(?=\d)/, "");
  if (plain === "" || plain.length > MOST_DIGITS) return undefined;
  return exactNumber(sign === "-" && plain !== "0" ? `-${plain}` : plain);
}

/** A whole number from a JSON number, whose fraction is left out, or a text; undefined for anything else. */
export function wholeOf(value: unknown): Whole | undefined {
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value === "number") return Math.trunc(value) || 0;
  if (isExactNumber(value)) return /[.eE]/.test(value.rawJSON) ? cutOff(Number(value.rawJSON)) : value;
  return typeof value === "string" ? wholeOfText(value) : undefined;
}

function cutOff(value: number): Whole | undefined {
  return Number.isFinite(value) ? exactNumber(BigInt(Math.trunc(value)).toString()) : undefined;
}

/**
 * A number from text as people write it: `.5`, `1e3`, `1_000.5`. Undefined for anything else, and for what is too large
 * or not a number: JSON has no such values.
 */
export function numberOfText(text: string): number | undefined {
  const plain = asciiDigits(trimmed(text));
  const d = "\\d+(?:_\\d+)*";
  if (!new RegExp(`^[+-]?(?:${d}\\.?(?:${d})?|\\.${d})(?:[eE][+-]?${d})?$`).test(plain)) return undefined;
  const value = Number(plain.replaceAll("_", ""));
  return Number.isFinite(value) ? value : undefined;
}

/** The sum, exact where both are whole. */
export function bigOf(value: Whole): bigint {
  return BigInt(isExactNumber(value) ? value.rawJSON : value);
}

export function wholeOfBig(value: bigint): Whole {
  return exactNumber(value.toString());
}

/** Digits of other scripts as ASCII's. */
function asciiDigits(text: string): string {
  return text.replace(/(?!\d)\p{Nd}/gu, (digit) => String(valueOfDigit(digit.codePointAt(0)!)));
}

/** In Unicode the ten digits of a script stand together, in order. */
function valueOfDigit(codePoint: number): number {
  // Mathematical digits: five sets without a gap.
  if (codePoint >= 0x1d7ce && codePoint <= 0x1d7ff) return (codePoint - 0x1d7ce) % 10;
  let zero = codePoint;
  while (/\p{Nd}/u.test(String.fromCodePoint(zero - 1)) && codePoint - zero < 9) zero--;
  return codePoint - zero;
}
