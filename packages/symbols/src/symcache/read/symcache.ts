import { MaydayError } from "@mayday/errors";
import type { CfiRules } from "../../sym-text/cfi-rules.ts";
import { BlockReader } from "../format/block-reader.ts";
import { ByteReader } from "../format/byte-reader.ts";
import { decodeCfi } from "../format/cfi-byte-code.ts";
import { CfiRowReader } from "../format/cfi-row-reader.ts";
import { type FoundRecord, RecordTableReader } from "../format/record-table-reader.ts";
import { CHECKSUM_BYTES, type SymcacheInfo, TABLES, type TableName } from "../format/symcache-format.ts";
import { BlockCache } from "./block-cache.ts";
import { type RecordedHit, type RecordedPlace, readFunctionRecord } from "./function-record.ts";
import { RecentMap } from "./recent-map.ts";
import type {
  InlinedFunction,
  SourcePlace,
  SymbolHit,
  SymbolLookups,
  WindowsFrame,
} from "./symbol-lookups.ts";
import { bytesInMemory, type SymcacheBytes } from "./symcache-bytes.ts";

/** Memory for look-ups and names that are asked for again and again; a crash needs a few hundred. */
const HOT_HITS_BYTES = 512 * 1024;
const HOT_NAMES_BYTES = 512 * 1024;
const HOT_RULE_SETS = 2048;

/** Modules of symbolic have no more bytes. */
const LARGEST_SYMBOLIC_OFFSET = 0xffff_ffff;

const NO_PLACE: SourcePlace = { file: undefined, line: undefined };
const NO_INLINES: readonly InlinedFunction[] = [];

/** Names come from lines of at most 1 MiB, and take at most twice as much compressed. */
const MAX_NAME_BYTES = 2 * 1024 ** 2;

/** Roughly what an answer takes, beside its names. */
const HIT_BYTES = 200;
const INLINE_BYTES = 100;

/** A place from which on something holds up to the next place: what, and nothing behind the end of a function. */
interface LastPlace {
  readonly place: number;
  readonly hit: SymbolHit | undefined;
}

const NOWHERE: LastPlace = { place: 0, hit: undefined };

/**
 * Answers from a symcache's bytes, which it reads by position: some kilobytes for a look-up. Nothing is parsed when it
 * is opened, and memory stays at a few megabytes however large the module.
 *
 * All look-ups throw SYMCACHE_CORRUPT when they meet a damaged block.
 */
export class Symcache implements SymbolLookups {
  readonly #blocks: BlockReader;
  readonly #functions: RecordTableReader;
  readonly #publics: RecordTableReader;
  readonly #files: RecordTableReader;
  readonly #origins: RecordTableReader;
  readonly #ruleSets: RecordTableReader;
  readonly #frameData: RecordTableReader;
  readonly #fpo: RecordTableReader;
  readonly #overlapping: RecordTableReader;
  readonly #firstPublics: RecordTableReader;
  readonly #cfiRows: CfiRowReader;
  readonly #hits = new RecentMap<SymbolHit | undefined>(
    HOT_HITS_BYTES,
    (hit) => HIT_BYTES + INLINE_BYTES * (hit?.inlines.length ?? 0),
  );
  readonly #fileNames = new RecentMap<string | undefined>(HOT_NAMES_BYTES / 2, nameSize);
  readonly #originNames = new RecentMap<string | undefined>(HOT_NAMES_BYTES / 2, nameSize);
  readonly #rules = new RecentMap<CfiRules | undefined>(HOT_RULE_SETS);
  readonly #string = new ByteReader();

  /**
   * @param bytes a symcache file, or all of its bytes
   * @param cache for the blocks that are read; symcaches of a thread should share one
   * @param onDamage called when a block turns out to be damaged, before the look-up throws
   * @throws {MaydayError} SYMCACHE_CORRUPT when it is damaged, cut or of another version
   */
  constructor(
    bytes: SymcacheBytes | Uint8Array,
    cache: BlockCache = new BlockCache(),
    onDamage?: () => void,
  ) {
    const source = bytes instanceof Uint8Array ? bytesInMemory(bytes) : bytes;
    const blocks = new BlockReader(source, cache, onDamage);
    const table = (name: TableName) => new RecordTableReader(blocks, name);
    this.#blocks = blocks;
    this.#functions = table("functions");
    this.#publics = table("publics");
    this.#files = table("files");
    this.#origins = table("origins");
    this.#ruleSets = table("ruleSets");
    this.#frameData = table("frameData");
    this.#fpo = table("fpo");
    this.#overlapping = table("overlapping");
    this.#firstPublics = table("firstPublics");
    this.#cfiRows = new CfiRowReader(blocks);
  }

  get info(): SymcacheInfo {
    return this.#blocks.info;
  }

  /** Bytes of memory it may come to hold, beside the shared cache of blocks. */
  get size(): number {
    return this.#blocks.indexBytes + HOT_HITS_BYTES + HOT_NAMES_BYTES;
  }

  /** How many items each table of the file has, and how many bytes it takes. */
  get tables(): Record<TableName, { items: number; bytes: number }> {
    const facts = TABLES.map((name) => [name, this.#blocks.factsOf(name)]);
    return Object.fromEntries(facts);
  }

  /** What covers the module offset: a function, else the public before it unless a function lies between. */
  lookup(offset: number): SymbolHit | undefined {
    if (this.#hits.has(offset)) return this.#hits.get(offset);
    const hit = this.#functionHit(offset) ?? this.#publicHit(offset);
    this.#hits.offer(offset, hit);
    return hit;
  }

  symbolicate(offset: number): SymbolHit | undefined {
    if (offset > LARGEST_SYMBOLIC_OFFSET) return undefined;
    const key = -1 - offset;
    if (this.#hits.has(key)) return this.#hits.get(key);
    const hit = this.#symbolicHit(offset);
    this.#hits.offer(key, hit);
    return hit;
  }

  symbolicateAll(offsets: Float64Array): Map<number, SymbolHit | undefined> {
    return new Map(Array.from(offsets, (offset) => [offset, this.symbolicate(offset)]));
  }

  /**
   * The call-frame rules at a module offset; undefined where there are none or they are malformed. The same rules are
   * mostly the same object.
   */
  cfiRules(offset: number): CfiRules | undefined {
    const row = this.#cfiRows.at(offset);
    if (row === undefined) return undefined;
    if (this.#rules.has(row.ruleSet)) return this.#rules.get(row.ruleSet);
    const rules = this.#readRules(row.ruleSet);
    this.#rules.offer(row.ruleSet, rules);
    return rules;
  }

  /** Whether a STACK CFI INIT range begins exactly at a module offset. */
  beginsCfiRange(offset: number): boolean {
    const row = this.#cfiRows.at(offset);
    return row?.start === offset && row.beginsRange;
  }

  /** The STACK WIN record that covers a module offset: type 4, else type 0. */
  windowsFrame(offset: number): WindowsFrame | undefined {
    return this.#frameIn(this.#frameData, offset) ?? this.#frameIn(this.#fpo, offset);
  }

  /** Reads every block. @throws {MaydayError} SYMCACHE_CORRUPT when one is damaged */
  verify(): void {
    for (let number = 0; number < this.#blocks.blockCount; number++) this.#blocks.block(number);
  }

  /** Closes its file. It must not be asked any more. */
  close(): void {
    this.#blocks.close();
  }

  #symbolicHit(offset: number): SymbolHit | undefined {
    const { place, hit } = this.#lastPlace(offset);
    const symbol = this.#publicHit(offset);
    // Behind the end of a function a public may begin at once; in a function it has to stand between two places.
    const isCloser = symbol !== undefined && symbol.functionStart + (hit === undefined ? 1 : 0) > place;
    return isCloser ? this.#firstNamed(symbol) : hit;
  }

  /**
   * The last place up to the offset at which a line or inlined function of a function begins, or a function ends, and what
   * is there.
   */
  #lastPlace(offset: number): LastPlace {
    const kept = this.#placeIn(this.#functions, offset, false);
    const other = this.#placeIn(this.#overlapping, offset, true);
    if (kept === undefined || other === undefined) return kept ?? other ?? NOWHERE;
    if (kept.place !== other.place) return kept.place > other.place ? kept : other;
    // An end does not count where something begins; of two that begin there the later in the text does.
    if (kept.hit === undefined || other.hit === undefined) return kept.hit === undefined ? other : kept;
    return other.isLater ? other : kept;
  }

  #placeIn(
    table: RecordTableReader,
    offset: number,
    hasFlag: boolean,
  ): (LastPlace & { readonly isLater: boolean }) | undefined {
    const found = table.atOrBefore(offset);
    if (found === undefined) return undefined;
    const isLater = hasFlag && found.bytes.u8() === 1;
    const from = found.bytes.at;
    const end = found.key + found.bytes.varint();
    if (offset >= end) return { place: end, hit: undefined, isLater };
    found.bytes.at = from;
    const recorded = readFunctionRecord(found.bytes, offset - found.key, true);
    const starts = recorded?.calls.map(({ start }) => start) ?? [];
    const place = found.key + Math.max(0, recorded?.line?.start ?? 0, ...starts);
    return { place, hit: recorded && this.#hitOf(found, offset, recorded, true), isLater };
  }

  /** A public with the name of the first of the text that stands there. */
  #firstNamed(symbol: SymbolHit): SymbolHit {
    const first = this.#firstPublics.at(symbol.functionStart);
    const name = first && this.#textAt(first.string);
    return name === undefined ? symbol : { ...symbol, function: name };
  }

  #functionHit(offset: number): SymbolHit | undefined {
    const found = this.#functions.atOrBefore(offset);
    const recorded = found && readFunctionRecord(found.bytes, offset - found.key);
    return recorded && this.#hitOf(found, offset, recorded, false);
  }

  /** @param asSymbolic whether inlined functions without a name are told */
  #hitOf(found: FoundRecord, offset: number, recorded: RecordedHit, asSymbolic: boolean): SymbolHit {
    // Before other blocks are read: it mostly stands in the same one.
    const name = this.#textAt(found.string) ?? "";
    const { calls, line } = recorded;
    const at = calls[0] ?? line;
    const own = this.#place(at);
    return {
      function: name,
      functionStart: found.key,
      parameterSize: this.windowsFrame(offset)?.parameterSize ?? recorded.parameterSize,
      file: own.file,
      // The function's own line says nothing without its file; an inlined one keeps it (rust-minidump's rule).
      line: own.file === undefined ? undefined : own.line,
      lineStart: at && found.key + at.start,
      inlines: calls.length === 0 ? NO_INLINES : this.#inlines(recorded, asSymbolic),
    };
  }

  /** The inlined functions, innermost first. Each one's place is where the next deeper one is called. */
  #inlines({ line, calls }: RecordedHit, asSymbolic: boolean): InlinedFunction[] {
    const inlines: InlinedFunction[] = [];
    for (let depth = calls.length - 1; depth >= 0; depth--) {
      const deeper = calls[depth + 1];
      // A range whose origin the file does not name is no frame, but still the caller of the next one.
      const known = this.#nameIn(this.#origins, this.#originNames, calls[depth]!.origin);
      if (known === undefined && !asSymbolic) continue;
      const name = known ?? "";
      const place = this.#place(deeper ?? line);
      // In the innermost function a line 0 says nothing (rust-minidump leaves it out there, and only there).
      const isUnknown = deeper === undefined && place.line === 0;
      inlines.push({ function: name, file: place.file, line: isUnknown ? undefined : place.line });
    }
    return inlines;
  }

  #place(recorded: RecordedPlace | undefined): SourcePlace {
    if (recorded === undefined) return NO_PLACE;
    return { file: this.#nameIn(this.#files, this.#fileNames, recorded.file), line: recorded.line };
  }

  #publicHit(offset: number): SymbolHit | undefined {
    const found = this.#publics.atOrBefore(offset);
    if (found === undefined || offset >= found.bytes.f64()) return undefined;
    return {
      function: this.#textAt(found.string) ?? "",
      functionStart: found.key,
      // Its own also where a STACK WIN record tells another one (rust-minidump's rule).
      parameterSize: found.bytes.varint(),
      file: undefined,
      line: undefined,
      lineStart: undefined,
      inlines: [],
    };
  }

  #frameIn(table: RecordTableReader, offset: number): WindowsFrame | undefined {
    const found = table.atOrBefore(offset);
    if (found === undefined || offset - found.key >= found.bytes.varint()) return undefined;
    const { bytes } = found;
    return {
      prologueSize: bytes.varint(),
      epilogueSize: bytes.varint(),
      parameterSize: bytes.varint(),
      savedRegisterSize: bytes.varint(),
      localSize: bytes.varint(),
      maxStackSize: bytes.varint(),
      allocatesBasePointer: bytes.u8() === 1,
      program: this.#textAt(found.string),
    };
  }

  #readRules(ruleSet: number): CfiRules | undefined {
    const found = this.#ruleSets.at(ruleSet);
    return found && decodeCfi(found.bytes, this.#blocks.registers);
  }

  /** The name that a file or inlined function has by its number. */
  #nameIn(table: RecordTableReader, hot: RecentMap<string | undefined>, index: number): string | undefined {
    if (hot.has(index)) return hot.get(index);
    const found = table.at(index);
    const name = found && this.#textAt(found.string);
    hot.offer(index, name);
    return name;
  }

  #textAt(place: number): string | undefined {
    if (place === 0) return undefined;
    const { block, at } = this.#blocks.at(place);
    const string = this.#string.start(block.bytes, at, block.end - CHECKSUM_BYTES);
    const length = string.varint();
    if (length > MAX_NAME_BYTES) throw new MaydayError("SYMCACHE_CORRUPT", "a name is too long");
    const from = string.skip(length);
    return this.#blocks.codec.decode(block.bytes, from, from + length);
  }
}

function nameSize(name: string | undefined): number {
  return 64 + (name?.length ?? 0);
}
