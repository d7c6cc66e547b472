import type { ByteReader } from "./byte-reader.ts";
import type { DecodeBudget } from "./decode-budget.ts";

const utf16 = {
  little: new TextDecoder("utf-16le", { ignoreBOM: true }),
  big: new TextDecoder("utf-16be", { ignoreBOM: true }),
};

/**
 * Reads a MINIDUMP_STRING: u32 length in bytes, then UTF-16 in the dump's byte order. Windows allows lone surrogates in
 * names: they become U+FFFD. undefined when it lies outside the file, has an odd length, or when `budget` is spent.
 */
export function readMinidumpString(file: ByteReader, rva: number, budget: DecodeBudget): string | undefined {
  // The header lies at 0.
  const length = rva === 0 ? undefined : file.range(rva, 4)?.u32(0);
  if (length === undefined) return undefined;
  const text = file.range(rva + 4, length);
  if (text === undefined || !budget.spend(length)) return undefined;
  return decodeUtf16(text);
}

/** Whether a MINIDUMP_STRING may be at `rva`. */
export function mayBeString(file: ByteReader, rva: number): boolean {
  const length = rva === 0 ? undefined : file.peek(rva, 4)?.u32(0);
  return length !== undefined && length % 2 === 0 && file.peek(rva + 4, length) !== undefined;
}

const utf8 = new TextDecoder();

/** Reads Crashpad's MinidumpUTF8String: u32 length in bytes, then UTF-8. */
export function readUtf8String(file: ByteReader, rva: number, budget: DecodeBudget): string | undefined {
  // The header lies at 0.
  const length = rva === 0 ? undefined : file.range(rva, 4)?.u32(0);
  if (length === undefined) return undefined;
  const text = file.range(rva + 4, length);
  if (text === undefined || !budget.spend(length)) return undefined;
  return utf8.decode(text.bytes());
}

/** Reads UTF-16 in a field of fixed size, up to its first NUL: what lies behind it is nothing of the field's. */
export function readFixedUtf16(field: ByteReader): string {
  let end = 0;
  while (end + 2 <= field.length && field.u16(end) !== 0) end += 2;
  return utf16[field.byteOrder].decode(field.bytes(0, end));
}

function decodeUtf16(text: ByteReader): string | undefined {
  return text.length % 2 === 0 ? utf16[text.byteOrder].decode(text.bytes()) : undefined;
}
