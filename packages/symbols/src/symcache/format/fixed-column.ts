import { type ByteReader, fixedAt } from "./byte-reader.ts";

/** A column of numbers of one width, in bytes. */
export interface Column {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly width: number;
}

/** The column at which a reader stands; the reader goes on behind it. */
export function takeColumn(reader: ByteReader, count: number, width: number): Column {
  return { bytes: reader.bytes, at: reader.skip(count * width), width };
}

export function valueAt({ bytes, at, width }: Column, index: number): number {
  return fixedAt(bytes, at + index * width, width);
}

/** Index of the last of the sorted values `from` up to `end` that is at or before `key`; below `from` for none. */
export function lastUpTo(column: Column, from: number, end: number, key: number): number {
  let low = from;
  let high = end;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (valueAt(column, middle) <= key) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
