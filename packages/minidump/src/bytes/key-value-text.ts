import type { ByteReader } from "./byte-reader.ts";

const utf8 = new TextDecoder();

/** The text of a stream that is a copied file; bytes that are not UTF-8 become U+FFFD. */
export function streamText(stream: ByteReader): string {
  return utf8.decode(stream.bytes());
}

/**
 * The `key <separator> value` lines of a text: blanks around both are dropped, and quotes around the value.
 * Lines without the separator are skipped.
 */
export function* keyValues(text: string, separator: ":" | "="): Generator<readonly [string, string]> {
  for (const line of text.split("\n")) {
    const at = line.indexOf(separator);
    if (at < 0) continue;
    const value = line.slice(at + 1).trim();
    yield [line.slice(0, at).trim(), value.replace(/^"(.*)"$/, "$1")];
  }
}
