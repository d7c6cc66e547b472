import { label, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { appDump, CALLER, CRASH, inApp, LIB, MAIN } from "../test-support/app.ts";
import { framesOf, symbolsOf, type TestFunction, type TestSymbols, walked } from "../test-support/walked.ts";

const STACK = 0x7ff0_0000n;
const X86 = 0;

type Record_ = Partial<TestFunction>;

function symbols(crash: Record_ = {}, caller: Record_ = {}, main: Record_ = {}): TestSymbols {
  return {
    app: symbolsOf(
      { at: CRASH, name: "crash", ...crash },
      { at: CALLER, name: "caller", ...caller },
      { at: MAIN, name: "main", ...main },
    ),
  };
}

const stackAt = () => synthStack(STACK, 4);

function walkedFrom(
  stack: ReturnType<typeof stackAt>,
  registers: Parameters<ReturnType<typeof appDump>["thread"]>[0]["registers"],
  known: TestSymbols,
) {
  const dump = appDump({ arch: X86, platform: 2 }).thread({
    stack,
    registers: { eip: inApp(CRASH), esp: STACK, ...registers },
  });
  return walked(dump, known);
}

describe("a walk of x86", () => {
  it("follows the chain of ebp", () => {
    const stack = stackAt()
      .gap(2)
      .mark("ebp0")
      .word(label("ebp1"), inApp(CALLER))
      .gap(3)
      .mark("ebp1")
      .word(0n, inApp(MAIN))
      .gap(2);
    const walk = walkedFrom(stack, { ebp: label("ebp0") }, symbols());
    expect(framesOf(walk)).toEqual([
      "context app!crash",
      "frame_pointer app!caller",
      "frame_pointer app!main",
    ]);
  });

  it("scans where ebp leads nowhere, and finds the caller's ebp below the return address", () => {
    const stack = stackAt()
      .word(5n, label("ebp"), inApp(CALLER))
      .gap(4)
      .mark("ebp")
      .word(0n, inApp(MAIN))
      .gap(2);
    const walk = walkedFrom(stack, { ebp: 3n }, symbols());
    expect(framesOf(walk)).toEqual(["context app!crash", "scan app!caller", "frame_pointer app!main"]);
  });

  it("follows call-frame rules of 32 bits", () => {
    const stack = stackAt().word(1n, 2n, 77n, inApp(MAIN)).gap(2);
    const cfi = ".cfa: $esp 16 + .ra: .cfa -4 + ^ $ebx: .cfa -8 + ^";
    const walk = walkedFrom(stack, {}, symbols({ cfi }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
    expect(walk.threads[0]!.frames[1]!.registers).toEqual({
      eip: inApp(MAIN),
      esp: STACK + 16n,
      ebp: 0n,
      ebx: 77n,
      edi: 0n,
      esi: 0n,
    });
  });

  it("does not follow rules whose results no register of 32 bits can hold", () => {
    const stack = stackAt().gap(8);
    const walk = walkedFrom(stack, { ebp: 1n }, symbols({ cfi: `.cfa: 4294967296 .ra: ${inApp(MAIN)}` }));
    expect(framesOf(walk)).toEqual(["context app!crash"]);
  });

  it("runs the program of a STACK WIN record, whose tokens may lack their blank", () => {
    const program = "$T0 $ebp = $eip $T0 4 + ^ = $ebp $T0 ^ =$esp $T0 8 + =";
    const stack = stackAt().gap(1).mark("ebp").word(99n, inApp(MAIN)).gap(2);
    const walk = walkedFrom(stack, { ebp: label("ebp") }, symbols({ windowsFrame: { program } }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
    expect(walk.threads[0]!.frames[1]!.registers).toMatchObject({ ebp: 99n, esp: STACK + 12n });
  });

  it("searches the return address behind locals, saved registers and the callee's parameters", () => {
    const program = "$T0 .raSearch = $eip $T0 ^ = $esp $T0 4 + =";
    const frame = { program, localSize: 8, savedRegisterSize: 4 };
    // The crash pushed nothing; its caller pushed 8 bytes for it.
    const stack = stackAt().gap(3).word(inApp(CALLER)).gap(2).gap(3).word(inApp(MAIN)).gap(1);
    const known = symbols(
      { windowsFrame: frame, parameterSize: 8 },
      { windowsFrame: frame },
      { windowsFrame: { program: ".undef" } },
    );
    expect(framesOf(walkedFrom(stack, {}, known))).toEqual([
      "context app!crash",
      "cfi app!caller",
      "cfi app!main",
    ]);
  });

  it("searches it from ebp in functions that align the stack", () => {
    const program = "$T0 .raSearch 4 - 8 @ = $eip .raSearch ^ = $esp .raSearch 4 + =";
    const stack = stackAt().gap(5).mark("ebp").word(0n, inApp(MAIN)).gap(1);
    const walk = walkedFrom(stack, { ebp: label("ebp") }, symbols({ windowsFrame: { program } }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
  });

  it("takes the sizes of a frame without program, and the ebp that it saved", () => {
    const frame = { localSize: 8, savedRegisterSize: 8, allocatesBasePointer: true };
    const stack = stackAt().word(123n, 0n).gap(2).word(inApp(MAIN)).gap(1);
    const walk = walkedFrom(stack, {}, symbols({ windowsFrame: frame }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
    expect(walk.threads[0]!.frames[1]!.registers).toMatchObject({ ebp: 123n, esp: STACK + 20n });
  });

  it("steps over its own address where the return address should be, in the frame that crashed", () => {
    const stack = stackAt().word(inApp(CRASH), inApp(MAIN)).gap(1);
    const walk = walkedFrom(stack, { ebp: 5n }, symbols({ windowsFrame: {} }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
  });

  it.each([
    ["is unknown", "$T0 nonsense ="],
    ["lacks a value", "+"],
    ["assigns to a number", "4 5 ="],
    ["asks for what is not set", "$eip $T9 ="],
    ["divides by zero", "$eip 4 0 / ="],
    ["loads from nowhere", "$eip 0 ^ ="],
    ["has a number of more than 32 bits", "$eip 4294967296 ="],
    ["stacks up without end", "1 ".repeat(100)],
  ])("leaves a program that %s to other methods", (_, program) => {
    const stack = stackAt().word(inApp(MAIN)).gap(1);
    const walk = walkedFrom(stack, { ebp: 3n }, symbols({ windowsFrame: { program } }));
    expect(framesOf(walk)).toEqual(["context app!crash", "scan app!main"]);
  });

  it("takes call-frame rules where a STACK WIN record fails", () => {
    const stack = stackAt().word(inApp(CALLER), inApp(MAIN)).gap(1);
    const cfi = ".cfa: $esp 8 + .ra: .cfa -4 + ^";
    const walk = walkedFrom(stack, {}, symbols({ windowsFrame: { program: "+" }, cfi }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
  });

  it("ends in a module without symbols where nothing leads on", () => {
    const walk = walkedFrom(
      stackAt()
        .word(LIB + 8n)
        .gap(2),
      { ebp: 1n },
      symbols(),
    );
    expect(framesOf(walk)).toEqual(["context app!crash", "scan lib!"]);
  });
});
