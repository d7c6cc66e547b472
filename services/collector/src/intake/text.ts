import { TextDecoder } from "node:util";

/** A text, and whether bytes that are none of its charset were replaced. */
export interface DecodedText {
  readonly text: string;
  readonly isReplaced: boolean;
}

/** Reads bytes as text of a charset, or as UTF-8 with replacement characters where they are none of it. */
export function decodeAnything(bytes: Buffer, charset: string): DecodedText {
  try {
    const text = decoderOf(charset)?.decode(bytes);
    if (text !== undefined) return { text, isReplaced: false };
  } catch {
    // Not of that charset.
  }
  return { text: new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes), isReplaced: true };
}

/** As {@link decodeAnything}; undefined when the bytes are no text at all. */
export function decodeText(bytes: Buffer, charset: string): DecodedText | undefined {
  const decoded = decodeAnything(bytes, charset);
  if (decoded.isReplaced && decoded.text.includes("\0")) return undefined;
  return isText(decoded.text) ? decoded : undefined;
}

const decoders = new Map<string, TextDecoder | undefined>();
const MOST_DECODERS = 64;

function decoderOf(charset: string): TextDecoder | undefined {
  const label = charset.toLowerCase();
  if (decoders.has(label)) return decoders.get(label);
  const decoder = openDecoder(label);
  if (decoders.size < MOST_DECODERS) decoders.set(label, decoder);
  return decoder;
}

function openDecoder(label: string): TextDecoder | undefined {
  try {
    return new TextDecoder(label, { fatal: true, ignoreBOM: true });
  } catch {
    return undefined;
  }
}

/** Of so many characters more than one control character, and it is no text. Clients do send some, NULs among them. */
const TEXT_PER_CONTROL = 8;
const TEXT_PER_REPLACED = 2;

function isText(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is counted
  const controls = text.match(/[\0-\x06\x0e-\x1a\x1c-\x1f]/g)?.length ?? 0;
  const replaced = text.match(/\ufffd/g)?.length ?? 0;
  return controls * TEXT_PER_CONTROL <= text.length && replaced * TEXT_PER_REPLACED <= text.length;
}
