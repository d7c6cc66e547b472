import fc from "fast-check";

/** A symbol file as objects, to be written as text and to be asked plainly. */
export interface SymRecords {
  readonly files: readonly { id: number; name: string }[];
  readonly origins: readonly { id: number; name: string }[];
  readonly functions: readonly FunctionRecord[];
  readonly publics: readonly { address: number; parameterSize: number; name: string }[];
  readonly cfi: readonly CfiRecord[];
  readonly frames: readonly FrameRecord[];
}

export interface Range {
  readonly address: number;
  readonly size: number;
}

interface FunctionRecord extends Range {
  readonly parameterSize: number;
  readonly name: string;
  readonly lines: readonly (Range & { line: number; file: number })[];
  readonly inlines: readonly (Range & { depth: number; line: number; file: number; origin: number })[];
}

export interface CfiRecord extends Range {
  readonly rules: string;
  readonly changes: readonly { address: number; rules: string }[];
}

export interface FrameRecord extends Range {
  readonly type: 0 | 4;
  readonly sizes: readonly number[];
  readonly rest: string;
}

const name = fc.oneof(
  fc.constantFrom("f", "g(int)", "ns::h<A, B>", "größe", "", "a b c", "operator new[](unsigned long)"),
  fc.string({ unit: "grapheme", maxLength: 40 }).map((text) => text.replace(/[\r\n]/g, "").trimStart()),
);

const rule = fc.constantFrom(
  ".cfa: $rsp 8 + .ra: .cfa -8 + ^",
  ".cfa: $rsp 16 +",
  ".cfa: $rbp 16 + $rbp: .cfa -16 + ^",
  "$rbx: .cfa -24 + ^ $rbp: $rbp",
  ".cfa: $rsp 8 + .ra: .undef",
  ".cfa: 9223372036854775807 .ra: $rsp 8 * 3 @ ^",
  "x29: .cfa 32 - ^ x30: .cfa -4294967296 + ^",
  "what is this",
  "",
);

/** Small numbers mostly, so that things meet; and some that need more bytes. */
const number = fc.oneof(
  { weight: 8, arbitrary: fc.nat(8) },
  { weight: 1, arbitrary: fc.constantFrom(255, 256, 65_536, 2 ** 24, 2 ** 32 - 1) },
);

/**
 * Random symbol files. Everything lies within a few hundred bytes from `base` on, so that ranges overlap, nest, touch
 * and hide each other in all ways.
 */
export const symRecords: fc.Arbitrary<SymRecords> = fc
  .constantFrom(0, 0x1000, 0xffff_ff80, 2 ** 40)
  .chain((base) => {
    const address = fc.nat(300).map((offset) => base + offset);
    const range = (size: number) => ({ address, size: fc.nat(size) });
    const id = fc.oneof(fc.nat(5), fc.constantFrom(4_194_304, 4_294_967_295));
    const named = fc.array(fc.record({ id, name }), { maxLength: 5 });
    const line = fc.record({ ...range(20), line: number, file: id });
    const inline = fc.record({ ...range(40), depth: fc.nat(3), line: number, file: id, origin: id });
    const func = fc.record({
      ...range(60),
      parameterSize: number,
      name,
      lines: fc.array(line, { maxLength: 12 }),
      inlines: fc.array(inline, { maxLength: 10 }),
    });
    const cfi = fc.record({
      ...range(60),
      rules: rule,
      changes: fc.array(fc.record({ address, rules: rule }), { maxLength: 5 }),
    });
    const frame = fc.record({
      ...range(40),
      type: fc.constantFrom<0 | 4>(0, 4),
      sizes: fc.array(number, { minLength: 6, maxLength: 6 }),
      rest: fc.constantFrom("$T0 .raSearch =", "$eip 4 +"),
    });
    return fc.record({
      files: named,
      origins: named,
      functions: fc.array(func, { maxLength: 8 }),
      publics: fc.array(fc.record({ address, parameterSize: number, name }), { maxLength: 8 }),
      cfi: fc.array(cfi, { maxLength: 6 }),
      frames: fc.array(frame, { maxLength: 8 }),
    });
  });

const hex = (value: number) => value.toString(16);

/** The lines of a symbol file with these records, without the MODULE line. */
export function linesOf({ files, origins, functions, publics, cfi, frames }: SymRecords): string[] {
  return [
    ...files.map(({ id, name }) => `FILE ${id} ${name}`),
    ...functions.flatMap((func) => [
      `FUNC ${hex(func.address)} ${hex(func.size)} ${hex(func.parameterSize)} ${func.name}`,
      ...func.inlines.map(
        ({ depth, line, file, origin, address, size }) =>
          `INLINE ${depth} ${line} ${file} ${origin} ${hex(address)} ${hex(size)}`,
      ),
      ...func.lines.map(({ address, size, line, file }) => `${hex(address)} ${hex(size)} ${line} ${file}`),
    ]),
    ...publics.map(
      ({ address, parameterSize, name }) => `PUBLIC ${hex(address)} ${hex(parameterSize)} ${name}`,
    ),
    ...cfi.flatMap(({ address, size, rules, changes }) => [
      `STACK CFI INIT ${hex(address)} ${hex(size)} ${rules}`,
      ...changes.map((change) => `STACK CFI ${hex(change.address)} ${change.rules}`),
    ]),
    ...frames.map(({ type, address, size, sizes, rest }) => {
      const tail = type === 4 ? `1 ${rest}` : `0 ${rest.length % 2}`;
      return `STACK WIN ${type} ${hex(address)} ${hex(size)} ${sizes.map(hex).join(" ")} ${tail}`;
    }),
    // Names may come behind what uses them.
    ...origins.map(({ id, name }) => `INLINE_ORIGIN ${id} ${name}`),
  ];
}
