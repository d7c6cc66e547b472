import { minidumpError } from "../minidump-error.ts";
import type { ByteReader } from "./byte-reader.ts";
import { fail, ok, type Result } from "./result.ts";
import type { StreamContext } from "./stream-context.ts";

/** Bytes of a plain list's count. */
const COUNT_BYTES = 4;

/** Some writers align the first entry to 8 bytes. */
const PADDING_BYTES = 4;

/** Entries that are looked at to find where they begin. */
const LOOKED_AT = 4;

/** A plain list, and what tells its entries from other bytes. */
export interface PlainList {
  readonly name: string;
  readonly entrySize: number;
  /** How surely an entry is one, 0 for not at all; asked where it is not clear at which byte the entries begin. */
  plausibility(entry: ByteReader): number;
}

/**
 * Splits a plain list stream (u32 count, then entries) into its entries. Behind them there may be bytes of any number,
 * and 4 bytes of padding before them. Where fewer bytes are there than the count promises the whole entries that are
 * there count, and a note tells it.
 */
export function listEntries(
  stream: ByteReader,
  list: PlainList,
  context: StreamContext,
): Result<ByteReader[]> {
  if (stream.length < COUNT_BYTES) return tooShort(stream, COUNT_BYTES);
  const start = listStart(stream, list);
  return split(stream, { name: list.name, start, stride: list.entrySize, count: stream.u32(0) }, context);
}

/**
 * Where the first entry begins. Bytes that are too many may lie before the entries or behind them: it is looked at which
 * entries are the likelier ones.
 */
function listStart(stream: ByteReader, list: PlainList): number {
  const count = stream.u32(0);
  const extra = stream.length - COUNT_BYTES - count * list.entrySize;
  // Of a list that is cut off it is not known how many bytes were too many.
  if (extra >= 0 && extra < PADDING_BYTES) return COUNT_BYTES;
  const padded = COUNT_BYTES + PADDING_BYTES;
  const [plain, shifted] = [COUNT_BYTES, padded].map((start) => plausibleFrom(start, stream, list, count));
  // Writers that align entries add no more than that.
  if (plain === shifted) return extra === PADDING_BYTES ? padded : COUNT_BYTES;
  return plain! > shifted! ? COUNT_BYTES : padded;
}

/** How surely the first entries from `start` on are some. */
function plausibleFrom(
  start: number,
  stream: ByteReader,
  { entrySize, plausibility }: PlainList,
  count: number,
): number {
  let plausible = 0;
  for (let index = 0; index < Math.min(count, LOOKED_AT); index++) {
    const entry = stream.peek(start + index * entrySize, entrySize);
    if (entry !== undefined) plausible += plausibility(entry);
  }
  return plausible;
}

/**
 * Splits a list stream that tells its own sizes (u32 header size, u32 entry size, then a count of `countBytes` bytes;
 * the entries begin after the header) into its entries. Entries may be longer than what is known of them. Where fewer
 * are there than the count promises those count, and a note tells it.
 */
export function extendedListEntries(
  stream: ByteReader,
  list: { readonly name: string; readonly entrySize: number; readonly countBytes: 4 | 8 },
  context: StreamContext,
): Result<ByteReader[]> {
  const { name, entrySize, countBytes } = list;
  const leastHeader = 8 + countBytes;
  if (stream.length < leastHeader) return tooShort(stream, leastHeader);
  const start = stream.u32(0);
  const stride = stream.u32(4);
  const count = countBytes === 4 ? stream.u32(8) : Number(stream.u64(8));
  if (stride < entrySize || start < leastHeader) {
    const found = `header of ${start} bytes, entries of ${stride}`;
    return fail(minidumpError("StreamSizeMismatch", `${found}, ${entrySize} expected`));
  }
  return split(stream, { name, start, stride, count }, context);
}

/** The failure of a stream that has fewer bytes than `needed`. */
export function tooShort(stream: ByteReader, needed: number): Result<never> {
  return fail(minidumpError("StreamReadFailure", `${stream.length} bytes, at least ${needed} needed`));
}

/** As many entries as there are bytes for. */
function split(
  stream: ByteReader,
  list: { readonly name: string; readonly start: number; readonly stride: number; readonly count: number },
  context: StreamContext,
): Result<ByteReader[]> {
  const { name, start, stride, count } = list;
  const there = Math.max(0, Math.min(count, Math.floor((stream.length - start) / stride)));
  if (there === 0 && count > 0) return tooShort(stream, start + stride);
  if (there < count) {
    context.cutLists.add(name);
    context.note(`${name}: the bytes of ${count - there} of ${count} entries are not there`);
  }
  return ok(Array.from({ length: there }, (_, index) => stream.range(start + index * stride, stride)!));
}
