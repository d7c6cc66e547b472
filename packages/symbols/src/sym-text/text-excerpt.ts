import { SymcacheBuilder } from "../symcache/build/symcache-builder.ts";
import { ByteWriter } from "../symcache/format/byte-writer.ts";
import { lastAtOrBefore } from "../symcache/format/last-at-or-before.ts";
import { NameCodec } from "../symcache/format/name-codec.ts";
import { SymParser } from "./sym-parser.ts";
import { type PlacedRecords, stretchOf, type TextIndex } from "./text-index.ts";
import type { Stretch, TextReader } from "./text-reader.ts";

/** The tables whose records a look-up may depend on. Functions come twice: the second of them are overlapped. */
const tablesOf = ({ functions, overlapping, publics, frames }: TextIndex) => [
  functions,
  functions,
  overlapping,
  publics,
  ...frames,
];

/**
 * What a symcache needs to look an offset up as one of the whole text does: of functions, publics and STACK WIN records
 * the last that begin at or before it. A function before the offset counts where it has ended, too: it cuts off the
 * public before it. A function that overlaps another comes with that one, beside which it is not kept.
 * @returns of each table the place of the last such record, -1 for none
 */
export function neededFor(index: TextIndex, offset: number): number[] {
  const needed = tablesOf(index).map(({ starts }) => lastAtOrBefore(starts, offset));
  const overlapping = needed[2]!;
  needed[1] =
    overlapping < 0 ? -1 : lastAtOrBefore(index.functions.starts, index.overlapping.starts[overlapping]!);
  return needed;
}

/**
 * Where the records stand that look-ups need, in the order of the text. What several need serves them all: a record that
 * one needs lies before or behind those that decide about another's offset.
 */
export function stretchesOf(index: TextIndex, neededByEach: Iterable<readonly number[]>): Stretch[] {
  const tables = tablesOf(index);
  const wanted = tables.map(() => new Set<number>());
  for (const needed of neededByEach) {
    for (const [table, place] of needed.entries()) if (place >= 0) wanted[table]!.add(place);
  }
  const records = new Set(
    tables.flatMap((table, number) =>
      [...wanted[number]!].flatMap((place) => beginningTogether(table, place)),
    ),
  );
  return Array.from(Uint32Array.from(records).sort(), (record) => stretchOf(index, record));
}

/** The record at a place and those before that begin where it does: several publics may. */
function beginningTogether({ starts, records }: PlacedRecords, last: number): number[] {
  let first = last;
  while (first > 0 && starts[first - 1] === starts[last]) first--;
  return [...records.subarray(first, last + 1)];
}

/** Builds a symcache of stretches of a text, with the names that they mention, wherever these stand. */
export function buildExcerpt(text: TextReader, index: TextIndex, stretches: readonly Stretch[]): Uint8Array {
  const builder = new ExcerptBuilder();
  try {
    const parser = new SymParser(builder);
    for (const stretch of stretches) text.read(stretch, parser);
    // Names come last: of an id that has several, the last one of the text counts.
    for (const id of builder.fileIds) text.readLine(index.files.get(id), parser);
    for (const id of builder.originIds) text.readLine(index.origins.get(id), parser);
    parser.end();
    const built = new ByteWriter();
    const facts = { lines: 0, badLines: 0, badSamples: [], textBytes: 0, url: "" };
    // A table of runs for names that are read once would cost more than all the rest.
    builder.finish(facts, built, NameCodec.plain);
    return built.view();
  } finally {
    builder.close();
  }
}

/** Notes which files and inlined functions are mentioned. */
class ExcerptBuilder extends SymcacheBuilder {
  readonly fileIds = new Set<number>();
  readonly originIds = new Set<number>();

  override line(address: number, size: number, line: number, file: number): void {
    this.fileIds.add(file);
    super.line(address, size, line, file);
  }

  override inline(
    depth: number,
    callLine: number,
    callFile: number,
    origin: number,
    address: number,
    size: number,
  ): void {
    this.fileIds.add(callFile);
    this.originIds.add(origin);
    super.inline(depth, callLine, callFile, origin, address, size);
  }
}
