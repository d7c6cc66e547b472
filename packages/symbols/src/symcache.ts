import { MaydayError } from "@mayday/crash";
import { type CfiRules, compileCfi } from "./compile-cfi.ts";
import { NO_STRING } from "./string-pool.ts";
import {
  CHECKSUM_AT,
  checksum,
  HEADER_BYTES,
  MAGIC,
  SECTION_ENTRY_BYTES,
  type SymcacheInfo,
  section,
  VERSION,
} from "./symcache-format.ts";

/** A place in the source: `line` is 0 where the symbol file says so. */
export interface SourcePlace {
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface InlinedFunction extends SourcePlace {
  readonly function: string;
}

/** What a module's symbols know of an address. */
export interface SymbolHit extends SourcePlace {
  readonly function: string;
  /** Module offset at which the function begins. */
  readonly functionStart: number;
  /** Bytes of parameters on the stack (32-bit Windows). */
  readonly parameterSize: number;
  /** Functions inlined at the address, innermost first. The place of the function itself is where the outermost is called. */
  readonly inlines: readonly InlinedFunction[];
}

type Addresses = Uint32Array | Float64Array;

/** How many decoded names are kept; a crash needs a few hundred. */
const MAX_NAMES = 20_000;

/** Answers from a symcache's bytes. Nothing is parsed: the arrays are searched where they lie. */
export class Symcache {
  readonly info: SymcacheInfo;
  /** Bytes of memory it holds. */
  readonly size: number;
  readonly #strings: Buffer;
  readonly #function: Record<"address", Addresses> &
    Record<"size" | "parameterSize" | "name" | "lines" | "inlines", Uint32Array>;
  readonly #line: Record<"size" | "number" | "file", Uint32Array> & { address: Int32Array };
  readonly #inline: Record<"depth" | "size" | "callLine" | "callFile" | "name", Uint32Array> & {
    address: Int32Array;
  };
  readonly #public: Record<"parameterSize" | "name", Uint32Array> & { address: Addresses };
  readonly #cfi: Record<"ruleSet" | "text", Uint32Array> & { address: Addresses };
  readonly #names = new Map<number, string>();

  /**
   * @param file a whole symcache file
   * @throws {MaydayError} SYMCACHE_CORRUPT when it is damaged, cut or of another version
   */
  constructor(file: Buffer) {
    const sections = readSections(file);
    const bytes = (id: number) => sections.bytes(id);
    const numbers = (id: number) => view(Uint32Array, bytes(id));
    const signed = (id: number) => view(Int32Array, bytes(id));
    const addresses = (id: number): Addresses =>
      sections.addressBytes === 8 ? view(Float64Array, bytes(id)) : view(Uint32Array, bytes(id));
    this.size = file.length;
    this.info = JSON.parse(bytes(section.info).toString("utf8"));
    this.#strings = bytes(section.strings);
    this.#function = {
      address: addresses(section.functionAddress),
      size: numbers(section.functionSize),
      parameterSize: numbers(section.functionParameterSize),
      name: numbers(section.functionName),
      lines: numbers(section.functionLines),
      inlines: numbers(section.functionInlines),
    };
    this.#line = {
      address: signed(section.lineAddress),
      size: numbers(section.lineSize),
      number: numbers(section.lineNumber),
      file: numbers(section.lineFile),
    };
    this.#inline = {
      depth: numbers(section.inlineDepth),
      address: signed(section.inlineAddress),
      size: numbers(section.inlineSize),
      callLine: numbers(section.inlineCallLine),
      callFile: numbers(section.inlineCallFile),
      name: numbers(section.inlineName),
    };
    this.#public = {
      address: addresses(section.publicAddress),
      parameterSize: numbers(section.publicParameterSize),
      name: numbers(section.publicName),
    };
    this.#cfi = {
      address: addresses(section.cfiAddress),
      ruleSet: numbers(section.cfiRuleSet),
      text: numbers(section.cfiRuleText),
    };
  }

  /** What covers the module offset: a function, else the public before it unless a function lies between. */
  lookup(offset: number): SymbolHit | undefined {
    const index = lastAtOrBefore(this.#function.address, offset);
    const start = this.#function.address[index];
    if (start !== undefined && offset < start + this.#function.size[index]!)
      return this.#hit(index, offset - start);
    return this.#publicHit(offset, start ?? Number.NEGATIVE_INFINITY);
  }

  readonly #compiled = new Map<string, CfiRules | undefined>();

  /** The call-frame rules at a module offset; undefined where there are none or they are malformed. */
  cfiRules(offset: number): CfiRules | undefined {
    const text = this.cfiRulesText(offset);
    if (text === undefined) return undefined;
    if (!this.#compiled.has(text)) this.#compiled.set(text, compileCfi(text));
    return this.#compiled.get(text);
  }

  /** Whether a range of rules begins at a module offset. */
  beginsCfiRange(offset: number): boolean {
    return this.#cfi.address[lastAtOrBefore(this.#cfi.address, offset)] === offset;
  }

  /** STACK WIN is not kept yet. */
  windowsFrame(_offset: number): undefined {}

  /**
   * The call-frame rules at a module offset, as Breakpad writes them: `.cfa: expression .ra: expression …`.
   * Undefined where no range covers it; `!`, which is no rule, where they are malformed.
   */
  cfiRulesText(offset: number): string | undefined {
    const ruleSet = this.#cfi.ruleSet[lastAtOrBefore(this.#cfi.address, offset)];
    if (ruleSet === undefined || ruleSet === 0) return undefined;
    return this.#text(this.#cfi.text[ruleSet]);
  }

  #hit(index: number, relative: number): SymbolHit {
    const inlined = this.#inlinesAt(index, relative);
    // From the outermost inward: each level's place is where the next deeper one is called.
    const places = [...inlined.map((i) => this.#callPlace(i)), this.#lineAt(index, relative)];
    const inlines = inlined.flatMap((i, depth) => {
      // A range whose origin the file does not name is no frame, but still the caller of the next one.
      const name = this.#text(this.#inline.name[i]);
      if (name === undefined) return [];
      return [{ function: name, ...inlinePlace(places[depth + 1]!, depth + 1 === inlined.length) }];
    });
    const [own] = places;
    return {
      function: this.#text(this.#function.name[index]) ?? "",
      functionStart: this.#function.address[index]!,
      parameterSize: this.#function.parameterSize[index]!,
      file: own?.file,
      // The function's own line says nothing without its file; an inlined one keeps it (rust-minidump's rule).
      line: own?.file === undefined ? undefined : own.line,
      inlines: inlines.reverse(),
    };
  }

  #publicHit(offset: number, nearestFunction: number): SymbolHit | undefined {
    const index = lastAtOrBefore(this.#public.address, offset);
    const address = this.#public.address[index];
    if (address === undefined || nearestFunction >= address) return undefined;
    return {
      function: this.#text(this.#public.name[index]) ?? "",
      functionStart: address,
      parameterSize: this.#public.parameterSize[index]!,
      file: undefined,
      line: undefined,
      inlines: [],
    };
  }

  #lineAt(index: number, relative: number): SourcePlace {
    const { address, size, number, file } = this.#line;
    const at = lastAtOrBefore(
      address,
      relative,
      this.#function.lines[index],
      this.#function.lines[index + 1],
    );
    if (at < 0 || relative >= address[at]! + size[at]!) return { file: undefined, line: undefined };
    return { file: this.#text(file[at]), line: number[at] };
  }

  /** The inlined ranges that cover an address of a function, outermost first. */
  #inlinesAt(index: number, relative: number): number[] {
    const { depth, address, size } = this.#inline;
    const end = this.#function.inlines[index + 1]!;
    const found: number[] = [];
    let from = this.#function.inlines[index]!;
    for (let level = 0; from < end; level++) {
      const levelEnd = firstDeeper(depth, level, from, end);
      const at = lastAtOrBefore(address, relative, from, levelEnd);
      if (at < 0 || relative >= address[at]! + size[at]!) break;
      found.push(at);
      from = levelEnd;
    }
    return found;
  }

  #callPlace(inline: number): SourcePlace {
    return { file: this.#text(this.#inline.callFile[inline]), line: this.#inline.callLine[inline] };
  }

  #text(reference: number | undefined): string | undefined {
    if (reference === undefined || reference === NO_STRING) return undefined;
    const known = this.#names.get(reference);
    if (known !== undefined) return known;
    const text = readText(this.#strings, reference);
    if (this.#names.size >= MAX_NAMES) this.#names.clear();
    this.#names.set(reference, text);
    return text;
  }
}

/** In the innermost function a line 0 says nothing (rust-minidump leaves it out there, and only there). */
function inlinePlace(place: SourcePlace, isInnermost: boolean): SourcePlace {
  return isInnermost && place.line === 0 ? { file: place.file, line: undefined } : place;
}

function readText(strings: Buffer, reference: number): string {
  if (reference + 4 > strings.length) return "";
  const length = strings.readUInt32LE(reference);
  return strings.toString("utf8", reference + 4, Math.min(reference + 4 + length, strings.length));
}

/** Index of the last entry of a sorted stretch that is at or before `key`; -1 when there is none. */
function lastAtOrBefore(
  sorted: Addresses | Int32Array,
  key: number,
  from = 0,
  end: number = sorted.length,
): number {
  let low = from;
  let high = Math.min(end, sorted.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! <= key) low = middle + 1;
    else high = middle;
  }
  return low > from ? low - 1 : -1;
}

/** Where entries deeper than `level` begin. */
function firstDeeper(depths: Uint32Array, level: number, from: number, end: number): number {
  let low = from;
  let high = Math.min(end, depths.length);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (depths[middle]! <= level) low = middle + 1;
    else high = middle;
  }
  return low;
}

function readSections(file: Buffer): { addressBytes: number; bytes(id: number): Buffer } {
  const corrupt = (why: string) => new MaydayError("SYMCACHE_CORRUPT", why);
  if (file.length < HEADER_BYTES || !file.subarray(0, MAGIC.length).equals(MAGIC))
    throw corrupt("no symcache");
  if (file.readUInt32LE(8) !== VERSION) throw corrupt(`version ${file.readUInt32LE(8)}, not ${VERSION}`);
  if (file.readDoubleLE(16) !== file.length) throw corrupt("its length is not the one it names");
  if (file.readUInt32LE(CHECKSUM_AT) !== checksum(file)) throw corrupt("its checksum is wrong");
  const places = new Map<number, Buffer>();
  const count = file.readUInt32LE(24);
  if (HEADER_BYTES + count * SECTION_ENTRY_BYTES > file.length) throw corrupt("too many sections");
  for (let entry = HEADER_BYTES, i = 0; i < count; i++, entry += SECTION_ENTRY_BYTES) {
    const offset = file.readDoubleLE(entry + 8);
    const length = file.readDoubleLE(entry + 16);
    if (!(offset >= 0 && length >= 0 && offset + length <= file.length))
      throw corrupt("a section lies outside");
    places.set(file.readUInt32LE(entry), file.subarray(offset, offset + length));
  }
  const bytes = (id: number) => {
    const found = places.get(id);
    if (found === undefined) throw corrupt(`section ${id} is missing`);
    return found;
  };
  return { addressBytes: file.readUInt32LE(12), bytes };
}

/** Views a section as numbers; a file that was not read to a fitting place in memory is copied first. */
function view<A>(
  type: { new (buffer: ArrayBufferLike, offset: number, length: number): A; BYTES_PER_ELEMENT: number },
  bytes: Buffer,
): A {
  const width = type.BYTES_PER_ELEMENT;
  const placed = bytes.byteOffset % width === 0 ? bytes : Buffer.from(new Uint8Array(bytes).buffer);
  return new type(placed.buffer, placed.byteOffset, Math.floor(bytes.length / width));
}
