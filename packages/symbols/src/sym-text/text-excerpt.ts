import { SymcacheBuilder } from "../symcache/build/symcache-builder.ts";
import { ByteWriter } from "../symcache/format/byte-writer.ts";
import { lastAtOrBefore } from "../symcache/format/last-at-or-before.ts";
import { NameCodec } from "../symcache/format/name-codec.ts";
import { SymParser } from "./sym-parser.ts";
import { type PlacedRecords, stretchOf, type TextIndex } from "./text-index.ts";
import type { Stretch, TextReader } from "./text-reader.ts";

/** The tables whose records a look-up may depend on. */
const tablesOf = ({ functions, publics, frames }: TextIndex) => [functions, publics, ...frames];

/**
 * What a symcache needs to look an offset up as one of the whole text does: of functions, publics and STACK WIN records
 * the last that begin at or before it. A function before the offset counts where it has ended, too: it cuts off the
 * public before it.
 * @returns of each table the place of the last such record, -1 for none
 */
export function neededFor(index: TextIndex, offset: number): number[] {
  return tablesOf(index).map(({ starts }) => lastAtOrBefore(starts, offset));
}

/** Where these records stand, in the order of the text. */
export function stretchesOf(index: TextIndex, needed: readonly number[]): Stretch[] {
  const records = tablesOf(index).flatMap((table, place) => beginningTogether(table, needed[place]!));
  return records.sort((a, b) => a - b).map((record) => stretchOf(index, record));
}

/** The record at a place and those before that begin where it does: several publics may. */
function beginningTogether({ starts, records }: PlacedRecords, last: number): number[] {
  let first = Math.max(last, 0);
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
