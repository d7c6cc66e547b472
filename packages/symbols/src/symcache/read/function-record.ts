import type { ByteReader } from "../format/byte-reader.ts";
import { type Column, lastUpTo, takeColumn, valueAt } from "../format/fixed-column.ts";

/** A place in the source: indexes of its file and line as the record has them. */
export interface RecordedPlace {
  /** Index among all files. */
  readonly file: number;
  readonly line: number;
  /** Where its code begins, relative to the function. */
  readonly start: number;
}

/** What a function's record knows of an address in it. */
export interface RecordedHit {
  readonly parameterSize: number;
  /** The line there. */
  readonly line: RecordedPlace | undefined;
  /** Where the functions inlined there are called, outermost first, and the index of each among all inlined ones. */
  readonly calls: readonly (RecordedPlace & { readonly origin: number })[];
}

/**
 * Reads a function's record for one address; {@link FunctionTable} says how it lies. Undefined outside the function.
 * @param fillsGaps whether a gap between lines is answered as the last byte before it
 */
export function readFunctionRecord(
  record: ByteReader,
  address: number,
  fillsGaps = false,
): RecordedHit | undefined {
  if (address >= record.varint()) return undefined;
  const parameterSize = record.varint();
  const lineCount = record.varint();
  const depthCount = record.varint();
  if (lineCount + depthCount === 0) return { parameterSize, line: undefined, calls: [] };
  const files = skipFiles(record);
  const rows = lineCount === 0 ? undefined : takeLines(record, lineCount);
  const relative = fillsGaps && rows !== undefined ? beforeGap(rows, lineCount, address) : address;
  // Before the first line nothing is known, of inlined functions neither.
  if (relative < 0) return { parameterSize, line: undefined, calls: [] };
  const line = rows && readLine(rows, lineCount, files, relative);
  const calls = depthCount === 0 ? [] : readCalls(record, depthCount, files, relative);
  return { parameterSize, line, calls };
}

/** The function's own list of files: where it stands and how many it has. */
interface LocalFileList {
  readonly record: ByteReader;
  readonly at: number;
  readonly count: number;
}

function skipFiles(record: ByteReader): LocalFileList {
  const count = record.varint();
  const at = record.at;
  for (let i = 0; i < count; i++) record.varint();
  return { record, at, count };
}

/** Index among all files of the function's file number `local`, counted from 1. */
function fileIndex({ record, at, count }: LocalFileList, local: number): number {
  const back = record.at;
  record.at = at;
  let index = -1;
  for (let i = 0; i < local && i < count; i++) index = record.varint();
  record.at = back;
  return index;
}

interface LineColumns {
  readonly least: number;
  readonly starts: Column;
  readonly numbers: Column;
  readonly places: Column;
}

function takeLines(record: ByteReader, count: number): LineColumns {
  const widths = record.u8();
  const least = record.varint();
  const starts = takeColumn(record, count, widths & 7);
  const numbers = takeColumn(record, count, (widths >>> 3) & 7);
  const places = takeColumn(record, count, widths >>> 6);
  return { least, starts, numbers, places };
}

/** The function's own number of a row's file; 0 in a gap between lines. */
const localFile = ({ places }: LineColumns, row: number) => (places.width === 0 ? 1 : valueAt(places, row));

/** The address itself, or where it lies in a gap the last one before that; -1 where no line comes before. */
function beforeGap(rows: LineColumns, count: number, relative: number): number {
  const row = lastUpTo(rows.starts, 0, count, relative);
  if (row >= 0 && localFile(rows, row) !== 0) return relative;
  return row <= 0 ? -1 : valueAt(rows.starts, row) - 1;
}

function readLine(
  rows: LineColumns,
  count: number,
  files: LocalFileList,
  relative: number,
): RecordedHit["line"] {
  const row = lastUpTo(rows.starts, 0, count, relative);
  if (row < 0) return undefined;
  const local = localFile(rows, row);
  if (local === 0) return undefined;
  return {
    start: valueAt(rows.starts, row),
    line: rows.least + valueAt(rows.numbers, row),
    file: fileIndex(files, local),
  };
}

function readCalls(
  record: ByteReader,
  depthCount: number,
  files: LocalFileList,
  relative: number,
): RecordedHit["calls"] {
  const counts: number[] = [];
  for (let depth = 0; depth < depthCount; depth++) counts.push(record.varint());
  const total = counts.reduce((sum, count) => sum + count, 0);
  const widths = record.u16();
  const starts = takeColumn(record, total, widths & 7);
  const sizes = takeColumn(record, total, (widths >>> 3) & 7);
  const lines = takeColumn(record, total, (widths >>> 6) & 7);
  const origins = takeColumn(record, total, (widths >>> 9) & 7);
  const places = takeColumn(record, total, (widths >>> 12) & 3);
  const calls: { file: number; line: number; start: number; origin: number }[] = [];
  let from = 0;
  for (const count of counts) {
    const row = lastUpTo(starts, from, from + count, relative);
    if (row < from || relative >= valueAt(starts, row) + valueAt(sizes, row)) break;
    const local = places.width === 0 ? 1 : valueAt(places, row);
    calls.push({
      file: fileIndex(files, local),
      line: valueAt(lines, row),
      start: valueAt(starts, row),
      origin: valueAt(origins, row),
    });
    from += count;
  }
  return calls;
}
