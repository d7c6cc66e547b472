import { synthContext, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appDump, appSymbols, CALLER, CRASH, MAIN } from "../test-support/app.ts";
import { framesOf, walked } from "../test-support/walked.ts";

const STACK = 0x3f_ffff_0000n;
const at = (offset: number) => APP + BigInt(offset) + 0x10n;

describe.each([
  ["riscv64", 0x8006],
  ["mips64", 0x8004],
  ["loongarch64", 0x8007],
] as const)("a stack of %s", (_name, arch) => {
  const dump = () =>
    appDump({ arch }).thread({
      stack: synthStack(STACK).gap(1).word(at(CALLER)).gap(1).word(at(MAIN)).gap(1),
      registers: { pc: at(CRASH), sp: STACK },
    });

  it("is walked by call-frame rules", () => {
    const rules = { crash: ".cfa: sp 16 + .ra: .cfa -8 + ^", caller: ".cfa: sp 16 + .ra: .cfa -8 + ^" };
    expect(framesOf(walked(dump(), appSymbols(rules)))).toEqual([
      "context app!crash",
      "cfi app!caller",
      "cfi app!main",
    ]);
  });

  it("is scanned where there are none", () => {
    expect(framesOf(walked(dump(), appSymbols()))).toEqual([
      "context app!crash",
      "scan app!caller",
      "scan app!main",
    ]);
  });
});

it("of LoongArch is walked where the writer numbers it as RISC-V: its contexts are longer", () => {
  const context = synthContext("little", 0x8007, { pc: at(CRASH), sp: STACK });
  const stack = synthStack(STACK).gap(1).word(at(MAIN));
  const dump = appDump({ arch: 0x8005 }).thread({ stack, context }).exception({ code: 11, context });
  expect(framesOf(walked(dump, appSymbols()))).toEqual(["context app!crash", "scan app!main"]);
});

it("rules of RISC-V may name registers by number", () => {
  const rules = { crash: ".cfa: x2 16 + .ra: x1", caller: ".cfa: $sp 16 + .ra: .cfa -8 + ^" };
  const dump = appDump({ arch: 0x8006 }).thread({
    stack: synthStack(STACK).gap(3).word(at(MAIN)).gap(1),
    registers: { pc: at(CRASH), sp: STACK, ra: at(CALLER) },
  });
  expect(framesOf(walked(dump, appSymbols(rules)))).toEqual([
    "context app!crash",
    "cfi app!caller",
    "cfi app!main",
  ]);
});
