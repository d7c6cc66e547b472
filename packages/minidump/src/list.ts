import type { ByteReader } from "./byte-reader.ts";
import { minidumpError } from "./minidump-error.ts";
import { fail, ok, type Result } from "./result.ts";

/**
 * Splits a plain list stream (u32 count, then entries of `entrySize` bytes) into its entries. Some writers
 * align the first entry to 8 bytes, so 4 bytes of padding after the count are accepted; any other
 * disagreement between count and size is StreamSizeMismatch.
 */
export function listEntries(stream: ByteReader, entrySize: number): Result<ByteReader[]> {
  if (stream.length < 4) return tooShort(stream, 4);
  const count = stream.u32(0);
  const padding = stream.length - 4 - count * entrySize;
  if (padding !== 0 && padding !== 4) {
    const expected = 4 + count * entrySize;
    return fail(minidumpError("StreamSizeMismatch", `${stream.length} bytes, ${expected} expected`));
  }
  return ok(split(stream, 4 + padding, entrySize, count));
}

/**
 * Splits a list stream that tells its own sizes (u32 header size, u32 entry size, then a count of
 * `countBytes` bytes; the entries begin after the header) into its entries.
 */
export function extendedListEntries(
  stream: ByteReader,
  entrySize: number,
  countBytes: 4 | 8,
): Result<ByteReader[]> {
  const leastHeader = 8 + countBytes;
  if (stream.length < leastHeader) return tooShort(stream, leastHeader);
  const headerSize = stream.u32(0);
  const foundEntrySize = stream.u32(4);
  const count = countBytes === 4 ? stream.u32(8) : Number(stream.u64(8));
  if (foundEntrySize !== entrySize || headerSize < leastHeader) {
    const found = `header of ${headerSize} bytes, entries of ${foundEntrySize}`;
    return fail(minidumpError("StreamSizeMismatch", `${found}, ${entrySize} expected`));
  }
  const needed = headerSize + count * entrySize;
  if (stream.length < needed) return tooShort(stream, needed);
  return ok(split(stream, headerSize, entrySize, count));
}

/** The failure of a stream that has fewer bytes than `needed`. */
export function tooShort(stream: ByteReader, needed: number): Result<never> {
  return fail(minidumpError("StreamReadFailure", `${stream.length} bytes, at least ${needed} needed`));
}

/** The caller has checked that `count` entries fit. */
function split(stream: ByteReader, start: number, entrySize: number, count: number): ByteReader[] {
  return Array.from({ length: count }, (_, index) => stream.range(start + index * entrySize, entrySize)!);
}
