import { GrowingArray } from "./growing-array.ts";
import { sortedRanges } from "./sorted-ranges.ts";
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
    const order = sortedRanges(
      address.length,
      (i) => address.at(i),
      (i) => size.at(i),
    );
    sections.set(section.functionAddress, addresses(address, order));
    sections.set(section.functionSize, numbers(size, order));
    sections.set(section.functionParameterSize, numbers(parameterSize, order));
    sections.set(section.functionName, numbers(name, order));
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
    const { order, starts } = orderParts(
      functions,
      this.#functions.firstLine,
      address.length,
      (first, count) =>
        sortedRanges(
          count,
          (i) => address.at(first + i),
          (i) => size.at(first + i),
        ),
    );
    sections.set(section.functionLines, numbers(starts));
    sections.set(section.lineAddress, numbers(address, order));
    sections.set(section.lineSize, numbers(size, order));
    sections.set(section.lineNumber, numbers(number, order));
    sections.set(
      section.lineFile,
      numbers(file, order, (id) => this.#files.get(id) ?? NO_STRING),
    );
  }

  #layInlines(sections: Sections, functions: Uint32Array): void {
    const { depth, address, size, callLine, callFile, origin } = this.#inlines;
    const sortKeys = [depth, address, size, callFile, callLine, origin];
    const { order, starts } = orderParts(
      functions,
      this.#functions.firstInline,
      address.length,
      (first, count) =>
        Uint32Array.from({ length: count }, (_, i) => i).sort((a, b) => {
          for (const key of sortKeys) {
            const step = key.at(first + a) - key.at(first + b);
            if (step !== 0) return step;
          }
          return 0;
        }),
    );
    sections.set(section.functionInlines, numbers(starts));
    sections.set(section.inlineDepth, numbers(depth, order));
    sections.set(section.inlineAddress, numbers(address, order));
    sections.set(section.inlineSize, numbers(size, order));
    sections.set(section.inlineCallLine, numbers(callLine, order));
    sections.set(
      section.inlineCallFile,
      numbers(callFile, order, (id) => this.#files.get(id) ?? NO_STRING),
    );
    sections.set(
      section.inlineName,
      numbers(origin, order, (id) => this.#origins.get(id) ?? NO_STRING),
    );
  }
}

/**
 * Puts the parts (lines, inlined ranges) of the kept functions behind each other.
 * @param arrange the order of one function's parts, relative to its first one
 * @returns the parts' indices, and for each function where its parts begin, with one more entry for the end
 */
function orderParts(
  functions: Uint32Array,
  firstPart: GrowingArray<Uint32Array>,
  partCount: number,
  arrange: (first: number, count: number) => Uint32Array,
): { order: GrowingArray<Uint32Array>; starts: GrowingArray<Uint32Array> } {
  const order = u32();
  const starts = u32();
  for (const index of functions) {
    starts.push(order.length);
    const first = firstPart.at(index);
    const end = index + 1 < firstPart.length ? firstPart.at(index + 1) : partCount;
    if (end > first) for (const part of arrange(first, end - first)) order.push(first + part);
  }
  starts.push(order.length);
  return { order, starts };
}
