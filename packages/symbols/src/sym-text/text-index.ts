import { keepSortedRanges } from "../symcache/build/sorted-ranges.ts";
import { GrowingArray } from "../symcache/format/growing-array.ts";
import { SymParser } from "./sym-parser.ts";
import type { ModuleLine, SymReadReport, SymSink } from "./sym-sink.ts";
import type { Stretch } from "./text-reader.ts";

/** More records than this are not indexed; libxul has 270,000 of call frames alone. */
const MAX_RECORDS = 4_000_000;

/** The most memory that a record takes. */
const RECORD_BYTES = 36;

/** More numbered names than this are not indexed. */
const MAX_NAMES = 1_000_000;

/** About what an entry of a map takes. */
const NAME_BYTES = 50;

/** Places in the text are 32-bit numbers. */
const MAX_TEXT_BYTES = 0xffff_ffff;

/** Records that lie at addresses, as columns; `records` are their numbers among all records of the text. */
export interface PlacedRecords {
  readonly starts: Float64Array;
  readonly sizes: Uint32Array;
  readonly records: Uint32Array;
}

/** The same while it grows. */
class GrowingRecords {
  readonly starts = new GrowingArray(Float64Array);
  readonly sizes = new GrowingArray(Uint32Array);
  readonly records = new GrowingArray(Uint32Array);

  add(start: number, size: number, record: number): void {
    this.starts.push(start);
    this.sizes.push(size);
    this.records.push(record);
  }

  /** Whether each begins behind where the one before it in the text begins. */
  get isAscending(): boolean {
    const { items, length } = this.starts;
    for (let i = 1; i < length; i++) if (items[i]! <= items[i - 1]!) return false;
    return true;
  }

  all(): PlacedRecords {
    return { starts: this.starts.view(), sizes: this.sizes.view(), records: this.records.view() };
  }

  /** Those that a symcache of the whole text keeps, ascending. */
  kept(): PlacedRecords {
    const kept = this.#keptPlaces();
    // Mostly all are, in the order of the text.
    if (kept.length === this.starts.length && this.isAscending) return this.all();
    return this.#picked(kept);
  }

  /** Those that it does not keep, ascending; of several that begin together the last of the text. */
  overlapping(): PlacedRecords {
    const kept = this.#keptPlaces();
    if (kept.length === this.starts.length) return this.#picked(new Uint32Array());
    const isKept = new Uint8Array(this.starts.length);
    for (const place of kept) isKept[place] = 1;
    const lasts = new Map<number, number>();
    for (let i = 0; i < isKept.length; i++) if (isKept[i] === 0) lasts.set(this.starts.items[i]!, i);
    const { items } = this.starts;
    return this.#picked(Uint32Array.from(lasts.values()).sort((a, b) => items[a]! - items[b]!));
  }

  #keptPlaces(): Uint32Array {
    const kept = new GrowingArray(Uint32Array);
    const { starts, sizes } = this.all();
    keepSortedRanges(kept, { starts, sizes, length: starts.length });
    return kept.view();
  }

  ascending(): PlacedRecords {
    if (this.isAscending) return this.all();
    const { items } = this.starts;
    const order = Uint32Array.from({ length: this.starts.length }, (_, index) => index);
    return this.#picked(order.sort((a, b) => items[a]! - items[b]!));
  }

  #picked(order: Uint32Array): PlacedRecords {
    const picked = {
      starts: new Float64Array(order.length),
      sizes: new Uint32Array(order.length),
      records: new Uint32Array(order.length),
    };
    for (let i = 0; i < order.length; i++) {
      picked.starts[i] = this.starts.items[order[i]!]!;
      picked.sizes[i] = this.sizes.items[order[i]!]!;
      picked.records[i] = this.records.items[order[i]!]!;
    }
    return picked;
  }
}

/** Where a text's records stand that say what lies at an address, as {@link TextIndexer} found them. */
export interface TextIndex {
  readonly functions: PlacedRecords;
  /** Functions that overlap those: no answer to the walker, but to {@link SymbolLookups.symbolicate}. */
  readonly overlapping: PlacedRecords;
  /** Without sizes. */
  readonly publics: PlacedRecords;
  readonly cfi: PlacedRecords;
  /** STACK WIN 4 and 0. */
  readonly frames: readonly [frameData: PlacedRecords, fpo: PlacedRecords];
  /** Where each record begins in the text; it ends where the next one begins, its lines and changes with it. */
  readonly positions: Uint32Array;
  readonly textBytes: number;
  /** Bytes of memory that the index takes. */
  readonly size: number;
  /** By id: where the record begins that counts. */
  readonly files: ReadonlyMap<number, number>;
  readonly origins: ReadonlyMap<number, number>;
  readonly info: { readonly codeFile: string; readonly url: string };
}

/** Where a record stands, with the lines, inlined functions or changes that belong to it. */
export function stretchOf({ positions, textBytes }: TextIndex, record: number): Stretch {
  return { from: positions[record]!, to: positions[record + 1] ?? textBytes };
}

/**
 * Reads a symbol file's text once, with the parser that builds symcaches, too, and keeps nothing but where its records
 * stand. That takes a quarter of the time that building takes.
 */
export class TextIndexer implements SymSink {
  readonly #parser = new SymParser(this);
  readonly #positions = new GrowingArray(Uint32Array);
  readonly #functions = new GrowingRecords();
  readonly #publics = new GrowingRecords();
  readonly #cfi = new GrowingRecords();
  readonly #frameData = new GrowingRecords();
  readonly #fpo = new GrowingRecords();
  readonly #files = new Map<number, number>();
  readonly #origins = new Map<number, number>();
  #textBytes = 0;
  #debugId = "";
  #codeFile = "";
  #url = "";
  #inCfi = false;
  #isOrderly = true;

  get debugId(): string {
    return this.#debugId;
  }

  /** False when it is of no use to read on: no index comes of it. */
  write(piece: Uint8Array): boolean {
    this.#textBytes += piece.length;
    if (!this.#isFit()) return false;
    this.#parser.write(piece);
    return true;
  }

  end(): SymReadReport {
    return this.#parser.end();
  }

  /**
   * The index; undefined where parts of the text by themselves may say something else than the whole: call-frame
   * changes that stand apart from their range, STACK WIN records that are not in order, of which the one before in the
   * file counts; and where there is too much of anything.
   */
  index(): TextIndex | undefined {
    if (!this.#isFit() || !this.#frameData.isAscending || !this.#fpo.isAscending) return undefined;
    return {
      functions: this.#functions.kept(),
      overlapping: this.#functions.overlapping(),
      publics: this.#publics.ascending(),
      cfi: this.#cfi.kept(),
      frames: [this.#frameData.all(), this.#fpo.all()],
      positions: this.#positions.view(),
      textBytes: this.#textBytes,
      size: this.#positions.length * RECORD_BYTES + (this.#files.size + this.#origins.size) * NAME_BYTES,
      files: this.#files,
      origins: this.#origins,
      info: { codeFile: this.#codeFile, url: this.#url },
    };
  }

  module({ debugId }: ModuleLine): void {
    this.#debugId = debugId;
  }

  codeId(_codeId: string, codeFile: string): void {
    this.#codeFile = codeFile;
  }

  url(url: string): void {
    this.#url = url;
  }

  file(id: number): void {
    this.#files.set(id, this.#parser.position);
  }

  inlineOrigin(id: number): void {
    this.#origins.set(id, this.#parser.position);
  }

  func(address: number, size: number): void {
    const record = this.#begin();
    // A function of no size answers nothing, and its lines go with it.
    if (size > 0) this.#functions.add(address, size, record);
  }

  line(): void {}

  inline(): void {}

  publicSymbol(address: number): void {
    this.#publics.add(address, 0, this.#begin());
  }

  cfiInit(address: number, size: number): void {
    this.#cfi.add(address, size, this.#begin());
    this.#inCfi = true;
  }

  cfiDelta(): void {
    this.#isOrderly &&= this.#inCfi;
  }

  frameData(address: number, size: number): void {
    const record = this.#begin();
    if (size > 0) this.#frameData.add(address, size, record);
  }

  fpo(address: number, size: number): void {
    const record = this.#begin();
    if (size > 0) this.#fpo.add(address, size, record);
  }

  #begin(): number {
    this.#inCfi = false;
    this.#positions.push(this.#parser.position);
    return this.#positions.length - 1;
  }

  #isFit(): boolean {
    const names = Math.max(this.#files.size, this.#origins.size);
    const isSmall = this.#textBytes <= MAX_TEXT_BYTES && names <= MAX_NAMES;
    return this.#isOrderly && isSmall && this.#positions.length <= MAX_RECORDS;
  }
}
