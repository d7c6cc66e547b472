import { synthMinidump } from "@mayday/minidump/synth";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { APP, appDump, CALLER, CRASH, LIB } from "./test-support/app.ts";
import { symbolsOf, type TestSymbols, walkedAsking } from "./test-support/walked.ts";

const STACK = 0x7ffe_0000n;
const MOST_FRAMES = 20_000;

const anyWord = fc.oneof(
  fc.constantFrom(
    0n,
    1n,
    4095n,
    4096n,
    0x7fff_ffff_ffffn,
    0x8000_0000_0000n,
    2n ** 64n - 1n,
    2n ** 64n - 16n,
  ),
  fc.integer({ min: -64, max: 2000 }).map((offset) => STACK + BigInt(offset)),
  fc.nat(0x1_1000).map((offset) => APP + BigInt(offset)),
  fc.nat(0x1_1000).map((offset) => LIB + BigInt(offset)),
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
);

const register = fc.constantFrom("rip", "rsp", "rbp", "rbx", "r12", "r13", "r14", "r15", "rax", "rdi");
const registers = fc.dictionary(register, anyWord, { maxKeys: 10 });

const token = fc.constantFrom(
  ..."$rsp $rbp $rbx rip .cfa .undef 0 1 -1 8 16 + - * / % @ ^ $rax: $rbx: $rsp: $__proto__: .ra: .cfa: x".split(
    " ",
  ),
);
const rules = fc.oneof(
  fc.array(token, { maxLength: 20 }).map((tokens) => tokens.join(" ")),
  fc.constantFrom(
    ".cfa: $rsp 8 + .ra: .cfa -8 + ^",
    ".cfa: $rsp 1 + .ra: $rip",
    ".cfa: $rbp 16 + .ra: .cfa -8 + ^",
  ),
);

const stack = fc.tuple(
  fc.constantFrom(STACK, STACK + 3n, 0n, 2n ** 64n - 4096n),
  fc.array(anyWord, { maxLength: 200 }),
  fc.nat(7),
);

function symbolsWith(crash: string, caller: string): TestSymbols {
  return {
    app: symbolsOf(
      { at: CRASH, name: "crash", cfi: crash },
      { at: CALLER, size: 0x8000, name: "caller", cfi: caller },
      { at: 0, size: 0x1_0000, cfi: crash },
    ),
  };
}

describe("hostile stacks", () => {
  it("of any words, registers and rules end, whether the walk is improved or the peer's", () => {
    const system = fc.constantFrom({}, { platform: 2 });
    const property = fc.property(
      system,
      stack,
      registers,
      fc.tuple(rules, rules),
      fc.boolean(),
      (platform, [base, words, cut], values, [crash, caller], improved) => {
        const bytes = new Uint8Array(BigUint64Array.from(words).buffer).subarray(cut);
        const dump = appDump(platform).thread({
          stack: { base, bytes },
          registers: { rip: APP + BigInt(CRASH), rsp: base, ...values },
        });
        const { walk, asked } = walkedAsking(dump, symbolsWith(crash, caller), improved);
        const { frames } = walk.threads[0]!;
        expect(frames.length).toBeGreaterThan(0);
        expect(frames.length).toBeLessThanOrEqual(MOST_FRAMES);
        expect(frames.slice(1).every(({ trust }) => trust !== "context")).toBe(true);
        expect(new Set(asked).size).toBe(asked.length);
      },
    );
    fc.assert(property, { numRuns: 400 });
  });

  it("of modules that overlap in any way are walked", () => {
    const module = fc.record({
      base: fc.oneof(anyWord, fc.constant(APP)),
      size: fc.constantFrom(1, 0x1000, 0x8000_0000, 0xffff_ffff),
    });
    fc.assert(
      fc.property(
        fc.array(module, { maxLength: 8 }),
        fc.array(anyWord, { maxLength: 40 }),
        (modules, words) => {
          const dump = synthMinidump();
          for (const [index, module] of modules.entries()) dump.module({ ...module, name: `m${index}` });
          const bytes = new Uint8Array(BigUint64Array.from(words).buffer);
          dump.thread({ stack: { base: STACK, bytes }, registers: { rip: APP, rsp: STACK } });
          expect(walkedAsking(dump).walk.threads[0]!.frames.length).toBeGreaterThan(0);
        },
      ),
    );
  });
});
