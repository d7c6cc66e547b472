import { GrowingArray } from "./growing-array.ts";
import { keepSortedRanges } from "./sorted-ranges.ts";
import { NO_STRING, type StringPool } from "./string-pool.ts";
import type { InlineRange, TextSpan } from "./sym-sink.ts";
import { section } from "./symcache-format.ts";
import { addresses, numbers, type Sections } from "./symcache-writer.ts";

/** Line and inline addresses are kept relative to their function; beyond this they say nothing of it. */
const RELATIVE_LIMIT = 2 ** 31;

const u32 = () => new GrowingArray(Uint32Array);
const i32 = () => new GrowingArray(Int32Array);

/** Functions with their lines and inlined ranges, as they stand in the file; laid out sorted. */
export class FunctionTable {
  readonly #strings: StringPool;
  readonly #functions = {
    address: new GrowingArray(Float64Array),
    size: u32(),
    parameterSize: u32(),
    name: u32(),
    firstLine: u32(),
    firstInline: u32(),
  };
  readonly #lines = { address: i32(), size: u32(), number: u32(), file: u32() };
  readonly #inlines = {
    depth: u32(),
    address: i32(),
    size: u32(),
    callLine: u32(),
    callFile: u32(),
    origin: u32(),
  };
  /** String references by FILE and INLINE_ORIGIN id; these records may stand anywhere in the file. */
  readonly #files = new Map<number, number>();
  readonly #origins = new Map<number, number>();
  /** False after a function that was dropped: its lines go with it. */
  #takesParts = false;

  constructor(strings: StringPool) {
    this.#strings = strings;
  }

  addFile(id: number, name: TextSpan): void {
    this.#files.set(id, this.#strings.intern(name));
  }

  addOrigin(id: number, name: TextSpan): void {
    this.#origins.set(id, this.#strings.intern(name));
  }

  addFunction(address: number, size: number, parameterSize: number, name: TextSpan): void {
    this.#takesParts = size > 0;
    if (!this.#takesParts) return;
    const functions = this.#functions;
    functions.address.push(address);
    functions.size.push(size);
    functions.parameterSize.push(parameterSize);
    functions.name.push(this.#strings.intern(name));
    functions.firstLine.push(this.#lines.address.length);
    functions.firstInline.push(this.#inlines.address.length);
  }

  addLine(address: number, size: number, line: number, file: number): void {
    const relative = this.#relative(address, size);
    if (relative === undefined) return;
    this.#lines.address.push(relative);
    this.#lines.size.push(size);
    this.#lines.number.push(line);
    this.#lines.file.push(file);
  }

  addInline({ depth, callLine, callFile, origin, address, size }: InlineRange): void {
    const relative = this.#relative(address, size);
    if (relative === undefined) return;
    this.#inlines.depth.push(depth);
    this.#inlines.address.push(relative);
    this.#inlines.size.push(size);
    this.#inlines.callLine.push(callLine);
    this.#inlines.callFile.push(callFile);
    this.#inlines.origin.push(origin);
  }

  lay(sections: Sections): void {
    const { address, size, parameterSize, name } = this.#functions;
    const kept = u32();
    keepSortedRanges(kept, { starts: address.items, sizes: size.items });
    const order = kept.items;
    sections.set(section.functionAddress, addresses(address.items, order));
    sections.set(section.functionSize, numbers(size.items, order));
    sections.set(section.functionParameterSize, numbers(parameterSize.items, order));
    sections.set(section.functionName, numbers(name.items, order));
    this.#layLines(sections, order);
    this.#layInlines(sections, order);
  }

  #relative(address: number, size: number): number | undefined {
    if (!this.#takesParts || size === 0) return undefined;
    const relative = address - this.#functions.address.at(this.#functions.address.length - 1);
    return Math.abs(relative) < RELATIVE_LIMIT ? relative : undefined;
  }

  #layLines(sections: Sections, functions: Uint32Array): void {
    const { address, size, number, file } = this.#lines;
    const ranges = { starts: address.items, sizes: size.items };
    const { order, starts } = orderParts(
      functions,
      this.#functions.firstLine,
      address.length,
      (into, from, end) => keepSortedRanges(into, ranges, from, end),
    );
    sections.set(section.functionLines, { kind: "numbers", values: starts });
    sections.set(section.lineAddress, numbers(address.items, order));
    sections.set(section.lineSize, numbers(size.items, order));
    sections.set(section.lineNumber, numbers(number.items, order));
    sections.set(section.lineFile, numbers(file.items, order, referencesIn(this.#files)));
  }

  #layInlines(sections: Sections, functions: Uint32Array): void {
    const { depth, address, size, callLine, callFile, origin } = this.#inlines;
    const keys = [depth, address, size, callFile, callLine, origin].map((column) => column.items);
    const { order, starts } = orderParts(
      functions,
      this.#functions.firstInline,
      depth.length,
      (into, from, end) => pushSorted(into, keys, from, end),
    );
    sections.set(section.functionInlines, { kind: "numbers", values: starts });
    sections.set(section.inlineDepth, numbers(depth.items, order));
    sections.set(section.inlineAddress, numbers(address.items, order));
    sections.set(section.inlineSize, numbers(size.items, order));
    sections.set(section.inlineCallLine, numbers(callLine.items, order));
    sections.set(section.inlineCallFile, numbers(callFile.items, order, referencesIn(this.#files)));
    sections.set(section.inlineName, numbers(origin.items, order, referencesIn(this.#origins)));
  }
}

/** Turns a FILE or INLINE_ORIGIN id into a string reference. */
function referencesIn(byId: ReadonlyMap<number, number>): (id: number) => number {
  return (id) => byId.get(id) ?? NO_STRING;
}

/**
 * Puts the parts (lines, inlined ranges) of the kept functions behind each other.
 * @param arrange pushes the indices of one function's parts, `from` up to `end`, in their order
 * @returns the parts' indices, and for each function where its parts begin, with one more entry for the end
 */
function orderParts(
  functions: Uint32Array,
  firstPart: GrowingArray<Uint32Array>,
  partCount: number,
  arrange: (into: GrowingArray<Uint32Array>, from: number, end: number) => void,
): { order: Uint32Array; starts: Uint32Array } {
  const order = u32();
  const starts = u32();
  for (const index of functions) {
    starts.push(order.length);
    const end = index + 1 < firstPart.length ? firstPart.at(index + 1) : partCount;
    arrange(order, firstPart.at(index), end);
  }
  starts.push(order.length);
  return { order: order.items, starts: starts.items };
}

/** Pushes the indices `from` up to `end`, sorted by the first key column, then the second, and so on. */
function pushSorted(
  into: GrowingArray<Uint32Array>,
  keys: readonly (Uint32Array | Int32Array)[],
  from: number,
  end: number,
): void {
  const compare = (a: number, b: number) => {
    for (const key of keys) {
      const step = key[a]! - key[b]!;
      if (step !== 0) return step;
    }
    return 0;
  };
  const order = new Uint32Array(end - from);
  for (let i = 0; i < order.length; i++) order[i] = from + i;
  for (const index of order.sort(compare)) into.push(index);
}
