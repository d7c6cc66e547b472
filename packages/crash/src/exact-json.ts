/** A number with the digits it was written with, where JavaScript's own would have others; `JSON.stringify` writes it so. */
export interface ExactNumber {
  readonly rawJSON: string;
}

interface ExactJson {
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
  rawJSON(text: string): ExactNumber;
  isRawJSON(value: unknown): value is ExactNumber;
}

// TC39's "JSON.parse source text access"; the compiler does not know it yet.
const exact = JSON as unknown as ExactJson;

/**
 * Reads JSON so that writing it again gives the digits that came: 1161888007138312193 and 1.10 are {@link ExactNumber}s,
 * 12 and 1.5 plain numbers. What is nested a thousand times and deeper is read with plain numbers alone.
 * @throws {SyntaxError} when it is not JSON
 */
export function parseExactJson(text: string): unknown {
  if (!mayBeInexact(text)) return JSON.parse(text);
  try {
    return exact.parse(text, (_key, value, { source }) =>
      typeof value === "number" && source !== undefined && source !== String(value)
        ? exact.rawJSON(source)
        : value,
    );
  } catch (error) {
    // Each level of the text takes a piece of the stack here, and none there.
    if (error instanceof RangeError) return JSON.parse(text);
    throw error;
  }
}

const STRINGS = /"[^"\\]*(?:\\.[^"\\]*)*"/gs;

/** With a fraction, an exponent, more digits than any double holds, or a sign that is lost. */
const INEXACT_NUMBER = /\d[.eE]|\d{16}|-0/;

/** Whether a number in it may have other digits than JavaScript's. Where none has, reading is ten times as fast. */
function mayBeInexact(text: string): boolean {
  return INEXACT_NUMBER.test(text) && INEXACT_NUMBER.test(text.replace(STRINGS, '""'));
}

export function isExactNumber(value: unknown): value is ExactNumber {
  return exact.isRawJSON(value);
}

/** The number with the digits given, such as `18446744073709551615`. @throws {SyntaxError} when they are no JSON number */
export function exactNumber(digits: string): number | ExactNumber {
  const value: unknown = JSON.parse(digits);
  if (typeof value !== "number") throw new SyntaxError(`not a number: ${digits}`);
  return String(value) === digits ? value : exact.rawJSON(digits);
}
