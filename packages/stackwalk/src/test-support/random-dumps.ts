import { type SynthThread, synthMinidump } from "@mayday/minidump/synth";
import fc from "fast-check";

/** Where the module with symbols is, and another without. */
const BASE = 0x40_0000n;
const SIZE = 0x1000;
const OTHER = 0x50_0000n;
const STACK = 0x7ffe_0000n;

export const DEBUG_ID = "000102030405060708090A0B0C0D0E0F0";
const OTHER_ID = "100102030405060708090A0B0C0D0E0F0";
const MODULE_LINE = `MODULE Linux x86_64 ${DEBUG_ID} m`;

const hex = (value: number) => value.toString(16);
const line = (...fields: readonly (string | number)[]) => fields.join(" ");

/** Functions that overlap, with lines, inlined ranges and publics that lie in and out of them. */
export const randomSymbols: fc.Arbitrary<string> = (() => {
  const fileIds = fc.nat(7);
  const number = fc.oneof(fc.constant(0), fc.nat(999));
  const range = (at: number, size: number) =>
    fc.tuple(fc.integer({ min: Math.max(0, at - 8), max: at + size + 8 }), fc.integer({ min: 1, max: 0x20 }));
  const parts = (at: number, size: number) => {
    const lines = fc
      .tuple(range(at, size), number, fileIds)
      .map(([[start, length], row, file]) => line(hex(start), hex(length), row, file));
    const inlines = fc
      .tuple(fc.nat(2), number, fileIds, fileIds, fc.array(range(at, size), { minLength: 1, maxLength: 2 }))
      .map(([depth, row, file, origin, ranges]) =>
        line("INLINE", depth, row, file, origin, ...ranges.flat().map(hex)),
      );
    return fc.array(fc.oneof(lines, inlines), { maxLength: 10 });
  };
  const marker = fc.constantFrom("", "m ");
  const group = fc
    .tuple(marker, fc.nat(0x180), fc.nat(0x60), fc.nat(15), fc.nat(99))
    .chain(([m, at, size, parameters, name]) =>
      parts(at, size).map((of) => [
        `FUNC ${m}${hex(at)} ${hex(size)} ${hex(parameters)} f${name}(int, char)`,
        ...of,
      ]),
    );
  const named = (record: string) =>
    fc
      .array(fc.tuple(fileIds, fc.nat(9)), { maxLength: 6 })
      .map((ids) => ids.map(([id, n]) => `${record} ${id} name ${n}`));
  const publics = fc.array(
    fc.tuple(marker, fc.nat(0x180), fc.nat(9)).map(([m, at, n]) => `PUBLIC ${m}${hex(at)} 0 p ${n}`),
    { maxLength: 6 },
  );
  return fc
    .tuple(named("FILE"), named("INLINE_ORIGIN"), fc.array(group, { maxLength: 6 }), publics)
    .map((sections) => [MODULE_LINE, ...sections.flat(2), ""].join("\n"));
})();

/** A dump with a thread at each of the first `count` bytes of the module. */
export function dumpAtEveryByte(count: number): Uint8Array {
  const synth = synthMinidump().module({ base: BASE, size: SIZE, name: "/m", debugId: DEBUG_ID });
  for (let at = 0; at < count; at++) synth.thread({ registers: { rip: BASE + BigInt(at), rsp: STACK } });
  return synth.finish();
}

/**
 * Functions with call-frame rules of all kinds. Every return address is loaded from the stack: rules that make one out
 * of nothing go on for ever, and the peer with them.
 */
export const randomRules: fc.Arbitrary<string> = (() => {
  const register = fc.constantFrom("rbx", "rbp", "r12", "r13", "r14", "r15", "rax", "rcx", "rdi", "r8");
  const prefix = fc.constantFrom("$", "$", "$", "");
  const words = fc.nat(6).map((count) => count * 8);
  const operator = fc.constantFrom(..."+-*/%@");
  const odd = fc.oneof(
    fc.tuple(prefix, register).map(([p, name]) => `${p}${name}`),
    fc
      .tuple(fc.constantFrom("16", "8", "0", "3", "-16"), fc.constantFrom(".cfa", "$rsp"))
      .map(([n, of]) => `${of} ${n} @`),
    fc.tuple(fc.constantFrom("$rbx", "$r12", "7", "0"), operator).map(([value, op]) => `$rbx ${value} ${op}`),
    fc.constantFrom(".undef", "1 2", "$nope", "^", "$rbx +", "0 ^"),
  );
  const saved = words.map((bytes) => `.cfa -${bytes} + ^`);
  const usual = words.map((bytes) => `$rsp ${bytes + 8} +`);
  const rule = fc
    .tuple(prefix, register, fc.oneof(odd, saved))
    .map(([p, name, value]) => `${p}${name}: ${value}`);
  const ownStack = fc.constantFrom("$rsp: .cfa 8 +", "$rsp: .cfa", "$rip: .cfa 8 + ^");
  const others = fc.array(fc.oneof({ weight: 8, arbitrary: rule }, { weight: 1, arbitrary: ownStack }), {
    maxLength: 3,
  });
  const broken = fc.constantFrom("junk", "$rbx:", "8 .cfa: $rsp", "");
  const cfa = fc
    .oneof({ weight: 8, arbitrary: usual }, { weight: 1, arbitrary: odd })
    .map((value) => `.cfa: ${value}`);
  const ra = fc.constantFrom(
    [".ra: .cfa -8 + ^"],
    [".ra: .cfa -8 + ^"],
    [".ra: .cfa -16 + ^"],
    [".ra: .undef"],
    [],
  );
  const init = fc.tuple(cfa, ra, others).map(([of, back, rest]) => [of, ...back, ...rest].join(" "));
  const delta = fc.tuple(fc.option(cfa, { nil: undefined }), others).map(([of, rest]) => {
    const all = [...(of === undefined ? [] : [of]), ...rest];
    return all.length === 0 ? "$rbx: $rbx" : all.join(" ");
  });
  const orBroken = (rules: fc.Arbitrary<string>) =>
    fc.oneof({ weight: 20, arbitrary: rules }, { weight: 1, arbitrary: broken });
  const range = (at: number) =>
    fc
      .tuple(
        fc.nat(0xa0),
        orBroken(init),
        // At one address the peer orders changes by their text; files have one for each.
        fc.uniqueArray(fc.tuple(fc.integer({ min: Math.max(0, at - 4), max: at + 0xa0 }), orBroken(delta)), {
          maxLength: 4,
          selector: ([address]) => address,
        }),
      )
      .map(([size, first, deltas]) => [
        line("STACK CFI INIT", hex(at), hex(size), first),
        ...deltas.map(([address, rules]) => line("STACK CFI", hex(address), rules)),
      ]);
  const code = (at: number) =>
    fc
      .tuple(fc.integer({ min: 0x20, max: 0x90 }), fc.nat(5))
      .map(([size, odds]) => (odds === 0 ? [] : [line("FUNC", hex(at), hex(size), 0, `f${at}`)]));
  const starts = Array.from({ length: SIZE / 0x80 }, (_, i) => i * 0x80);
  return fc
    .tuple(fc.tuple(...starts.map(code)), fc.tuple(...starts.map((at) => range(at + 0x10))))
    .map((sections) => [MODULE_LINE, ...sections.flat(2), ""].join("\n"));
})();

const oddWord = fc.constantFrom(
  ...[
    0n,
    1n,
    4095n,
    4096n,
    0x8000_0000_0000n,
    0xffff_7fff_ffff_ffffn,
    0xffff_8000_0000_0000n,
    2n ** 64n - 1n,
  ],
);

/** A thread whose stack is full of addresses of code and of itself, and whose registers point to them. */
const randomThread: fc.Arbitrary<SynthThread> = fc
  .tuple(
    fc.constantFrom(4, 20, 60, 200, 300),
    fc.constantFrom(STACK, STACK, STACK + 4n, 0xffff_ffff_ffff_f000n),
    fc.constantFrom(2, 5, 20, 100),
  )
  .chain(([words, base, sparse]) => {
    const inStack = fc
      .tuple(fc.nat(words), fc.constantFrom(0, 0, 0, 0, 4))
      .map(([word, byte]) => BigInt.asUintN(64, base + BigInt(word * 8 + byte)));
    const inCode = fc
      .tuple(fc.constantFrom(BASE, BASE, BASE, OTHER, 0x60_0000n), fc.nat(SIZE - 1))
      .map(([module, offset]) => module + BigInt(offset));
    const word = fc.oneof(
      { weight: 3, arbitrary: inCode },
      { weight: sparse, arbitrary: inStack },
      { weight: sparse * 2, arbitrary: oddWord },
    );
    const value = fc.oneof(inStack, inStack, inCode, oddWord);
    /** Frames that a frame pointer leads through, each with its place in words and the way to the next. */
    const frames = fc.array(fc.tuple(fc.nat(words - 3), fc.nat(12), inCode), { maxLength: 12 });
    const at = (place: number) => BigInt.asUintN(64, base + BigInt(place * 8));
    return fc
      .tuple(fc.array(word, { minLength: words, maxLength: words }), frames, value)
      .chain(([content, chain, other]) => {
        for (const [place, step, code] of chain) content.splice(place, 2, at(place + 2 + step), code);
        const [first] = chain;
        const rip = fc.oneof({ weight: 8, arbitrary: inCode }, { weight: 1, arbitrary: oddWord });
        const rsp = fc.oneof({ weight: 9, arbitrary: fc.nat(3).map(at) }, { weight: 1, arbitrary: value });
        const rbp = fc.constantFrom(first === undefined ? other : at(first[0]), other);
        const others = { rbx: value, r12: value, r13: value, r14: value, r15: value, rax: value, rdi: value };
        return fc.record({
          stack: fc.constant({ base, bytes: new Uint8Array(BigUint64Array.from(content).buffer) }),
          registers: fc.record({ rip, rsp, rbp, ...others }),
        });
      });
  });

/** Dumps of many such threads, with modules that overlap, a thread that wrote the dump and one that crashed. */
export const randomDump: fc.Arbitrary<Uint8Array> = fc
  .record({
    platform: fc.constantFrom(0x8201, 0x8201, 2),
    threads: fc.array(randomThread, { minLength: 60, maxLength: 60 }),
    overlapping: fc.subarray([
      { base: OTHER + 0x800n, size: 0x100, name: "/inside" },
      { base: OTHER + 0x800n, size: 0x1000, name: "/over the end" },
      { base: OTHER - 0x800n, size: 0x900, name: "/over the begin" },
    ]),
    dumpThreadId: fc.integer({ min: 1, max: 90 }),
    requestingThreadId: fc.integer({ min: 1, max: 90 }),
    crashes: fc.boolean(),
  })
  .map(({ platform, threads, overlapping, dumpThreadId, requestingThreadId, crashes }) => {
    const synth = synthMinidump()
      .system({ platform })
      .module({ base: BASE, size: SIZE, name: "/m", debugId: DEBUG_ID })
      .module({ base: OTHER, size: SIZE, name: "/n", debugId: OTHER_ID })
      .unloadedModule({ base: 0x60_0000n, size: 0x1000, name: "/gone" })
      .unloadedModule({ base: 0x60_0800n, size: 0x1000, name: "/gone" })
      .breakpadInfo({ dumpThreadId, requestingThreadId });
    for (const module of overlapping) synth.module(module);
    for (const thread of threads) synth.thread(thread);
    if (crashes)
      synth.exception({ threadId: requestingThreadId, code: 11, registers: { rip: BASE + 5n, rsp: STACK } });
    return synth.finish();
  });
