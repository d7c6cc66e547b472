import type { CfiRules } from "../sym-text/cfi-rules.ts";
import { compileCfi, splitCfiRules } from "../sym-text/cfi-rules.ts";
import type { SymbolHit, WindowsFrame } from "../symcache/read/symbol-lookups.ts";
import type { CfiRecord, FrameRecord, Range, SymRecords } from "./sym-records.ts";

/**
 * What records say, in plain words and slowly: rust-minidump's rules over objects, to hold the symcache against. It
 * shares with it the compiling of call-frame rules alone.
 */
export class PlainSymbols {
  readonly #records: SymRecords;

  constructor(records: SymRecords) {
    this.#records = records;
  }

  lookup(offset: number): SymbolHit | undefined {
    return this.#functionAt(offset) ?? this.#publicAt(offset);
  }

  cfiRules(offset: number): CfiRules | undefined {
    const range = keptRanges(this.#records.cfi).find((cfi) => covers(cfi, offset));
    return range && rulesAt(range, offset);
  }

  beginsCfiRange(offset: number): boolean {
    return keptRanges(this.#records.cfi).some(({ address }) => address === offset);
  }

  windowsFrame(offset: number): WindowsFrame | undefined {
    return this.#frameAt(4, offset) ?? this.#frameAt(0, offset);
  }

  #functionAt(offset: number): SymbolHit | undefined {
    const func = keptRanges(this.#records.functions).find((func) => covers(func, offset));
    if (func === undefined) return undefined;
    const calls: (typeof func.inlines)[number][] = [];
    for (let depth = 0; ; depth++) {
      const call = this.#inlineAt(
        func.inlines.filter((inline) => inline.depth === depth),
        offset,
      );
      if (call === undefined) break;
      calls.push(call);
    }
    const line = keptRanges(func.lines).find((line) => covers(line, offset));
    const places = [...calls, line].map((place) => ({
      file: place && this.#nameIn(this.#records.files, place.file),
      line: place?.line,
    }));
    const inlines = calls.map(({ origin }, depth) => {
      const { file, line } = places[depth + 1]!;
      const isInnermost = depth === calls.length - 1;
      const name = this.#nameIn(this.#records.origins, origin);
      return { function: name, file, line: isInnermost && line === 0 ? undefined : line };
    });
    const own = places[0]!;
    const at = calls[0] ?? line;
    return {
      function: func.name,
      functionStart: func.address,
      parameterSize: this.windowsFrame(offset)?.parameterSize ?? func.parameterSize,
      file: own.file,
      line: own.file === undefined ? undefined : own.line,
      lineStart: at && Math.max(at.address, func.address),
      inlines: inlines.filter((inline) => inline.function !== undefined).reverse() as SymbolHit["inlines"],
    };
  }

  #inlineAt<I extends Range & { line: number; file: number; origin: number }>(
    ranges: readonly I[],
    offset: number,
  ): I | undefined {
    const order = ranges
      .filter(({ size }) => size > 0)
      .sort(
        (a, b) =>
          a.address - b.address ||
          a.size - b.size ||
          a.file - b.file ||
          a.line - b.line ||
          a.origin - b.origin,
      );
    const last = order.filter(({ address }) => address <= offset).at(-1);
    return last !== undefined && covers(last, offset) ? last : undefined;
  }

  #publicAt(offset: number): SymbolHit | undefined {
    const before = this.#records.publics
      .filter(({ address }) => address <= offset)
      .sort(
        (a, b) =>
          a.address - b.address ||
          Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)) ||
          a.parameterSize - b.parameterSize,
      )
      .at(-1);
    if (before === undefined) return undefined;
    const functions = keptRanges(this.#records.functions).map(({ address }) => address);
    if (functions.some((start) => start >= before.address && start <= offset)) return undefined;
    return {
      function: before.name,
      functionStart: before.address,
      parameterSize: before.parameterSize,
      file: undefined,
      line: undefined,
      lineStart: undefined,
      inlines: [],
    };
  }

  #frameAt(type: 0 | 4, offset: number): WindowsFrame | undefined {
    const frame = keptRanges(cutFrames(this.#records.frames.filter((frame) => frame.type === type))).find(
      (frame) => covers(frame, offset),
    );
    if (frame === undefined) return undefined;
    const [prologueSize, epilogueSize, parameterSize, savedRegisterSize, localSize, maxStackSize] =
      frame.sizes as [number, number, number, number, number, number];
    return {
      prologueSize,
      epilogueSize,
      parameterSize,
      savedRegisterSize,
      localSize,
      maxStackSize,
      program: type === 4 ? frame.rest : undefined,
      allocatesBasePointer: type === 0 && frame.rest.length % 2 === 1,
    };
  }

  /** The last name of an id. */
  #nameIn(names: SymRecords["files"], id: number): string | undefined {
    return names.findLast((named) => named.id === id)?.name;
  }
}

function covers({ address, size }: Range, offset: number): boolean {
  return offset >= address && offset < address + size;
}

/** Sorted by start and end; what begins inside the one kept before it is dropped. */
function keptRanges<R extends Range>(ranges: readonly R[]): R[] {
  const kept: R[] = [];
  const order = ranges
    .filter(({ size }) => size > 0)
    .sort((a, b) => a.address - b.address || a.size - b.size);
  for (const range of order) {
    const last = kept.at(-1);
    if (last === undefined || range.address >= last.address + last.size) kept.push(range);
  }
  return kept;
}

function cutFrames(frames: readonly FrameRecord[]): FrameRecord[] {
  const cut: FrameRecord[] = [];
  for (const frame of frames.filter(({ size }) => size > 0)) {
    const last = cut.at(-1);
    const meets =
      last !== undefined &&
      frame.address < last.address + last.size &&
      last.address < frame.address + frame.size;
    if (meets) {
      if (frame.address > last.address) cut[cut.length - 1] = { ...last, size: frame.address - last.address };
      else if (frame.address !== last.address || frame.size !== last.size) continue;
    }
    cut.push(frame);
  }
  return cut;
}

/** All rules that hold at an address, one behind the other: a later one for a register wins. */
function rulesAt({ rules, changes }: CfiRecord, offset: number): CfiRules | undefined {
  const order = changes
    .filter(({ address }) => address <= offset)
    .sort((a, b) => a.address - b.address || Buffer.compare(Buffer.from(a.rules), Buffer.from(b.rules)));
  const all = new Map<string, string>();
  for (const text of [rules, ...order.map((change) => change.rules)]) {
    const split = splitCfiRules(text);
    if (split === undefined) return undefined;
    for (const [register, expression] of split) all.set(register, expression);
  }
  return compileCfi(all);
}
