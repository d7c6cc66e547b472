import { parseExactJson } from "@mayday/crash";

/** Numbers that plain JSON.parse would take for others: with a fraction, an exponent or many digits, and -0. */
const NEEDS_EXACT_NUMBERS = /(?:^|[[,:\s])-?(?:\d+[.eE]|\d{16}|0[\s,\]}])/;

/** What Python's reader takes for numbers; as none of them is an integer, any other fraction says the same. */
const NO_NUMBERS = /"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/gs;

/** More digits than Python reads. */
const TOO_MANY_DIGITS = /(?:^|[[,:\s])-?\d{4301}/;

/**
 * Reads a request's body as Mozilla's symbolication service does: UTF-8, UTF-16 or UTF-32, with or without a byte order
 * mark; NaN and Infinity are numbers. Numbers that are no safe integers come as ExactNumbers.
 * @throws {SyntaxError} when it is no JSON
 */
export function readJson(body: Uint8Array): unknown {
  const text = textOf(Buffer.from(body.buffer, body.byteOffset, body.byteLength));
  if (TOO_MANY_DIGITS.test(text)) throw new SyntaxError("a number is too long");
  try {
    return NEEDS_EXACT_NUMBERS.test(text) ? parseExactJson(text) : JSON.parse(text);
  } catch (error) {
    if (!/\b(?:NaN|Infinity)\b/.test(text)) throw error;
    return parseExactJson(text.replace(NO_NUMBERS, (found) => (found.startsWith('"') ? found : "0.5")));
  }
}

function textOf(body: Buffer): string {
  const encoding = encodingOf(body);
  try {
    if (encoding.startsWith("utf-32")) return utf32(body, encoding === "utf-32le");
    return new TextDecoder(encoding, { fatal: true }).decode(body);
  } catch (error) {
    throw new SyntaxError("the text is broken", { cause: error });
  }
}

/** By the mark, else by where zeros stand: JSON begins with two ASCII characters. */
function encodingOf(body: Buffer): "utf-8" | "utf-16le" | "utf-16be" | "utf-32le" | "utf-32be" {
  const [a = 1, b = 1, c = 1, d = 1] = body;
  if (a === 0xff && b === 0xfe) return c === 0 && d === 0 && body.length >= 4 ? "utf-32le" : "utf-16le";
  if (a === 0xfe && b === 0xff) return "utf-16be";
  if (a === 0 && b === 0) return "utf-32be";
  if (a === 0) return "utf-16be";
  if (b === 0) return c === 0 && d === 0 ? "utf-32le" : "utf-16le";
  return "utf-8";
}

/** @throws {RangeError} when it is broken */
function utf32(body: Buffer, isLittle: boolean): string {
  if (body.length % 4 !== 0) throw new RangeError("cut");
  const pieces: string[] = [];
  for (let at = 0; at < body.length; at += 4) {
    const code = isLittle ? body.readUInt32LE(at) : body.readUInt32BE(at);
    if (at > 0 || code !== 0xfeff) pieces.push(String.fromCodePoint(code));
  }
  return pieces.join("");
}
