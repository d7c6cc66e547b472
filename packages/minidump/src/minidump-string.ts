import type { ByteReader } from "./byte-reader.ts";
import type { DecodeBudget } from "./decode-budget.ts";

const utf16 = {
  little: new TextDecoder("utf-16le", { fatal: true, ignoreBOM: true }),
  big: new TextDecoder("utf-16be", { fatal: true, ignoreBOM: true }),
};

/**
 * Reads a MINIDUMP_STRING: u32 length in bytes, then UTF-16 in the dump's byte order. undefined when it lies
 * outside the file, has an odd length or a lone surrogate, or when `budget` is spent.
 */
export function readMinidumpString(file: ByteReader, rva: number, budget: DecodeBudget): string | undefined {
  const length = file.range(rva, 4)?.u32(0);
  if (length === undefined) return undefined;
  const text = file.range(rva + 4, length);
  if (text === undefined || !budget.spend(length)) return undefined;
  return decodeUtf16(text);
}

const utf8 = new TextDecoder();

/** Reads Crashpad's MinidumpUTF8String: u32 length in bytes, then UTF-8. */
export function readUtf8String(file: ByteReader, rva: number, budget: DecodeBudget): string | undefined {
  const length = file.range(rva, 4)?.u32(0);
  if (length === undefined) return undefined;
  const text = file.range(rva + 4, length);
  if (text === undefined || !budget.spend(length)) return undefined;
  return utf8.decode(text.bytes);
}

/** Reads UTF-16 in a field of fixed size, up to its first NUL. undefined when it is not UTF-16. */
export function readFixedUtf16(field: ByteReader): string | undefined {
  const text = decodeUtf16(field);
  const end = text?.indexOf("\0") ?? -1;
  return end < 0 ? text : text?.slice(0, end);
}

function decodeUtf16(text: ByteReader): string | undefined {
  try {
    return utf16[text.byteOrder].decode(text.bytes);
  } catch {
    return undefined;
  }
}
