import { label, type SynthThread, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { appDump, appSymbols, CALLER, CRASH, inApp, MAIN } from "../test-support/app.ts";
import { framesOf, walked } from "../test-support/walked.ts";

const STACK = 0x7ff0_0000n;
const ARM = 5;
const ARM64 = 12;
const OLD_ARM64 = 32771;
const IOS = 0x8102;
const LINUX = 0x8201;

const thread = (
  stack: ReturnType<typeof synthStack>,
  registers: SynthThread["registers"] = {},
): SynthThread => ({ stack, registers: { pc: inApp(CRASH), sp: STACK, ...registers } });

describe("a walk of ARM", () => {
  const dump = (platform: number) => appDump({ arch: ARM, platform });
  const chain = () =>
    synthStack(STACK, 4)
      .gap(1)
      .mark("fp")
      .word(label("fp1"), inApp(CALLER))
      .mark("fp1")
      .word(0n, inApp(MAIN))
      .gap(4);

  it("follows the chain of r11 on iOS, and ends where it is 0", () => {
    const walk = walked(dump(IOS).thread(thread(chain(), { fp: label("fp") })), appSymbols());
    expect(framesOf(walk)).toEqual([
      "context app!crash",
      "frame_pointer app!caller",
      "frame_pointer app!main",
    ]);
  });

  it("scans elsewhere, whatever r11 holds", () => {
    const walk = walked(dump(LINUX).thread(thread(chain(), { fp: label("fp") })), appSymbols());
    expect(framesOf(walk)).toEqual(["context app!crash", "scan app!caller", "scan app!main"]);
  });

  it("follows rules by either name of a register, back over two bytes to the call", () => {
    const crash = ".cfa: sp 8 + .ra: lr r11: .cfa -8 + ^ r4: .cfa -4 + ^";
    const stack = synthStack(STACK, 4).word(11n, 4n).gap(2);
    const walk = walked(dump(LINUX).thread(thread(stack, { lr: inApp(MAIN) })), appSymbols({ crash }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!main"]);
    expect(walk.threads[0]!.frames[1]).toMatchObject({
      instruction: inApp(MAIN) - 2n,
      registers: { fp: 11n, r4: 4n, sp: STACK + 8n },
    });
  });

  it("takes a leaf function without frame where it crashed, and only there", () => {
    const rules = ".cfa: sp .ra: lr";
    const stack = synthStack(STACK, 4).gap(2);
    const registers = { lr: inApp(CALLER) };
    const walk = walked(
      dump(LINUX).thread(thread(stack, registers)),
      appSymbols({ crash: rules, caller: ".cfa: sp .ra: r5" }),
    );
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!caller"]);
  });
});

describe.each([ARM64, OLD_ARM64])("a walk of ARM64 (number %i)", (arch) => {
  const dump = () => appDump({ arch });
  const signed = (address: bigint) => address | (0x5aan << 52n);

  it("follows frame records, takes authentication codes off, and goes back over four bytes to the call", () => {
    const stack = synthStack(STACK)
      .gap(1)
      .mark("fp")
      .word(label("fp1"), signed(inApp(CALLER)))
      .mark("fp1")
      .word(0n, signed(inApp(MAIN)))
      .gap(4);
    const walk = walked(dump().thread(thread(stack, { fp: label("fp") })), appSymbols());
    expect(framesOf(walk)).toEqual([
      "context app!crash",
      "frame_pointer app!caller",
      "frame_pointer app!main",
    ]);
    const [, caller] = walk.threads[0]!.frames;
    expect(caller!.instruction).toBe(inApp(CALLER) - 4n);
    expect(caller!.registers["lr"]).toBe(inApp(MAIN));
  });

  it("takes authentication codes off what rules find", () => {
    const crash = ".cfa: sp 16 + .ra: .cfa -8 + ^ x29: .cfa -16 + ^ x19: .cfa";
    const stack = synthStack(STACK)
      .word(signed(STACK), signed(inApp(MAIN)))
      .gap(2);
    const walk = walked(dump().thread(thread(stack)), appSymbols({ crash }));
    expect(walk.threads[0]!.frames[1]!.registers).toMatchObject({
      pc: inApp(MAIN),
      fp: STACK,
      sp: STACK + 16n,
      x19: STACK + 16n,
    });
  });

  it("keeps addresses whole that modules really have", () => {
    const high = { base: 0xffff_0000_0000n, size: 0x1000, name: "high" };
    const stack = synthStack(STACK)
      .word(signed(high.base + 8n))
      .gap(2);
    const crash = ".cfa: sp 8 + .ra: .cfa -8 + ^";
    const walk = walked(dump().module(high).thread(thread(stack)), appSymbols({ crash }));
    expect(framesOf(walk)[1]).toBe("cfi high!");
  });

  it("does not trust the lr of a frame record, except at the first instruction of a function", () => {
    // The caller's record tells lr; its rules would use it.
    const stack = synthStack(STACK)
      .mark("fp")
      .word(label("fp1"), inApp(CALLER))
      .mark("fp1")
      .word(0n, inApp(MAIN))
      .gap(4);
    const rules = appSymbols({ caller: ".cfa: sp 16 + .ra: lr" });
    const walk = walked(dump().thread(thread(stack, { fp: label("fp") })), rules);
    expect(framesOf(walk)).toEqual([
      "context app!crash",
      "frame_pointer app!caller",
      "frame_pointer app!main",
    ]);
  });

  it("ends where neither stack nor instruction change", () => {
    const walk = walked(
      dump().thread(thread(synthStack(STACK).gap(2))),
      appSymbols({ crash: `.cfa: sp .ra: ${inApp(CRASH)}` }),
    );
    expect(framesOf(walk)).toEqual(["context app!crash"]);
  });

  it("finds the caller of a leaf function in lr; without improvements it is lost", () => {
    const stack = () => synthStack(STACK).mark("fp").word(0n, inApp(MAIN)).gap(4);
    const registers = { fp: label("fp"), lr: signed(inApp(CALLER)) };
    const frames = (improved: boolean) =>
      framesOf(walked(dump().thread(thread(stack(), registers)), appSymbols(), improved));
    expect(frames(true)).toEqual(["context app!crash", "scan app!caller", "frame_pointer app!main"]);
    expect(frames(false)).toEqual(["context app!crash", "frame_pointer app!main"]);
  });

  it("does not take an lr that points back into the function itself", () => {
    const stack = synthStack(STACK).mark("fp").word(0n, inApp(MAIN)).gap(4);
    const registers = { fp: label("fp"), lr: inApp(CRASH) + 8n };
    const walk = walked(dump().thread(thread(stack, registers)), appSymbols());
    expect(framesOf(walk)).toEqual(["context app!crash", "frame_pointer app!main"]);
  });
});

describe("a walk of MIPS", () => {
  it("scans, over the words where arguments are, and back over eight bytes to the call", () => {
    const stack = synthStack(STACK, 4).word(inApp(CALLER), inApp(CRASH)).gap(3).word(inApp(MAIN)).gap(300);
    const walk = walked(appDump({ arch: 1 }).thread(thread(stack)), appSymbols());
    expect(framesOf(walk)).toEqual(["context app!crash", "scan app!caller", "scan app!main"]);
    expect(walk.threads[0]!.frames[1]!.instruction).toBe(inApp(CALLER) - 8n);
  });
});
