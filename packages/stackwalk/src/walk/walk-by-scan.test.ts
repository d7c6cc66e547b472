import { label, type SynthMinidump, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appDump, appSymbols, CALLER, CRASH, crashed, inApp, LIB, MAIN } from "../test-support/app.ts";
import { framesOf, symbolsOf, type TestSymbols, walked } from "../test-support/walked.ts";

const STACK = 0x7ffe_0000n;

/** The frames found beyond the first. */
function callers(synth: SynthMinidump, symbols: TestSymbols = appSymbols(), improved = true): string[] {
  return framesOf(walked(synth, symbols, improved)).slice(1);
}

describe("scanning", () => {
  it("takes the first word that lies in a known function or in a module without symbols", () => {
    const stack = synthStack(STACK)
      .word(0n, 1n, 4095n, STACK, 0x8000_0000_0000n, 2n ** 64n - 1n)
      .word(APP, APP + 0x9000n)
      .word(inApp(CALLER))
      .word(LIB + 0x100n)
      .gap(2);
    expect(callers(crashed(stack))).toEqual(["scan app!caller", "scan lib!"]);
  });

  it("looks at the call: the first byte of a module is none's return address, the one behind it may be", () => {
    expect(callers(crashed(synthStack(STACK).word(LIB).gap(1)))).toEqual([]);
    expect(
      callers(
        crashed(
          synthStack(STACK)
            .word(LIB + 0x1_0000n)
            .gap(1),
        ),
      ),
    ).toEqual(["scan lib!"]);
    expect(
      callers(
        crashed(
          synthStack(STACK)
            .word(APP + BigInt(CALLER))
            .gap(1),
        ),
      ),
    ).toEqual([]);
    expect(
      callers(
        crashed(
          synthStack(STACK)
            .word(APP + BigInt(CALLER) + 0x100n)
            .gap(1),
        ),
      ),
    ).toEqual(["scan app!caller"]);
  });

  it("does not believe in functions without a name", () => {
    const symbols = {
      app: symbolsOf({ at: CRASH, name: "crash" }, { at: CALLER, name: "" }, { at: MAIN, name: "main" }),
    };
    const stack = synthStack(STACK).word(inApp(CALLER), inApp(MAIN)).gap(1);
    expect(callers(crashed(stack), symbols)).toEqual(["scan app!main"]);
  });

  it("goes 160 words up from the crash, and from a frame of call-frame rules", () => {
    expect(callers(crashed(synthStack(STACK).gap(159).word(inApp(MAIN)).gap(1)))).toEqual(["scan app!main"]);
    expect(callers(crashed(synthStack(STACK).gap(160).word(inApp(MAIN)).gap(1)))).toEqual([]);
    const byRules = (gap: number) => synthStack(STACK).word(inApp(CALLER)).gap(gap).word(inApp(MAIN)).gap(1);
    const symbols = appSymbols({ crash: ".cfa: $rsp 8 + .ra: .cfa -8 + ^" });
    expect(callers(crashed(byRules(159)), symbols)).toEqual(["cfi app!caller", "scan app!main"]);
    expect(callers(crashed(byRules(160)), symbols)).toEqual(["cfi app!caller"]);
  });

  it("goes 40 words up from a frame that was itself guessed", () => {
    const scanned = (gap: number) => synthStack(STACK).word(inApp(CALLER)).gap(gap).word(inApp(MAIN)).gap(1);
    expect(callers(crashed(scanned(39)))).toEqual(["scan app!caller", "scan app!main"]);
    expect(callers(crashed(scanned(40)))).toEqual(["scan app!caller"]);
    const byFramePointer = (gap: number) =>
      synthStack(STACK)
        .mark("rbp")
        .word(label("end"), inApp(CALLER))
        .gap(gap)
        .word(inApp(MAIN))
        .mark("end")
        .gap(1);
    const registers = { rbp: label("rbp") };
    expect(callers(crashed(byFramePointer(39), registers))).toEqual([
      "frame_pointer app!caller",
      "scan app!main",
    ]);
    expect(callers(crashed(byFramePointer(40), registers))).toEqual(["frame_pointer app!caller"]);
  });

  it("goes up from rsp, not from where the stack memory begins", () => {
    const stack = synthStack(STACK).word(inApp(CALLER)).gap(1).mark("rsp").word(inApp(MAIN)).gap(1);
    expect(callers(crashed(stack, { rsp: label("rsp") }))).toEqual(["scan app!main"]);
  });

  it("ends with the stack memory, also within a word", () => {
    const { base, bytes } = synthStack(STACK).gap(2).word(inApp(MAIN)).finish("little");
    const framesWith = (length: number) => {
      const stack = { base, bytes: bytes.subarray(0, length) };
      const registers = { rip: inApp(CRASH), rsp: STACK };
      return framesOf(walked(appDump().thread({ stack, registers }), appSymbols()));
    };
    expect(framesWith(24)).toEqual(["context app!crash", "scan app!main"]);
    expect(framesWith(23)).toEqual(["context app!crash"]);
  });

  it("finds the way out of a jump to nowhere", () => {
    const stack = synthStack(STACK).word(inApp(CALLER)).gap(1);
    expect(framesOf(walked(crashed(stack, { rip: 0n }), appSymbols()))).toEqual([
      "context 0x0",
      "scan app!caller",
    ]);
  });
});

describe("a scanned caller's rbp", () => {
  /** A caller whose own caller is known where its rbp is, however far down that points. */
  const rules = appSymbols({ caller: `.cfa: $rbp 4096 + .ra: ${inApp(MAIN)}` });
  const known = ["scan app!caller", "cfi app!main"];
  const unknown = ["scan app!caller"];

  it("is the one saved below its return address, where the callee's points to that", () => {
    // Between two words: else the frame pointer would have led here.
    const savedAs = (saved: bigint) => synthStack(STACK).gap(1).mark("rbp").word(saved, inApp(CALLER)).gap(1);
    expect(callers(crashed(savedAs(STACK + 0x14n), { rbp: label("rbp") }), rules)).toEqual(known);
    // Found in a random dump by what minidump-stackwalk shows of registers: one that leaves the stack is none.
    expect(callers(crashed(savedAs(STACK + 0x1000n), { rbp: label("rbp") }), rules)).toEqual(unknown);
    expect(callers(crashed(savedAs(STACK), { rbp: label("rbp") }), rules)).toEqual(unknown);
  });

  it("is the callee's where that points further up, also out of the stack", () => {
    const stack = () => synthStack(STACK).gap(1).word(inApp(CALLER)).mark("behind").gap(3);
    expect(callers(crashed(stack(), { rbp: label("behind") }), rules)).toEqual(known);
    expect(callers(crashed(stack(), { rbp: STACK + 24n }), rules)).toEqual(known);
    expect(callers(crashed(stack(), { rbp: STACK + 0x1000n }), rules)).toEqual(known);
  });

  it("is unknown where the callee's points down, or the return address is the first word", () => {
    const low = synthStack(STACK).gap(2).word(inApp(CALLER)).gap(3);
    expect(callers(crashed(low, { rbp: STACK }), rules)).toEqual(unknown);
    expect(callers(crashed(low, { rbp: STACK + 16n }), rules)).toEqual(unknown);
    const first = synthStack(STACK).word(inApp(CALLER)).gap(3);
    expect(callers(crashed(first, { rbp: STACK + 0x1000n }), rules)).toEqual(unknown);
  });
});

describe("memory that is known to hold no code", () => {
  const maps = [
    "00400000-00402000 r-xp 00000000 fe:01 12 /usr/bin/app",
    "00402000-00403000 r--p 00002000 fe:01 12 /usr/bin/app",
    "00403000-00410000 r-xp 00003000 fe:01 12 /usr/bin/app",
    "",
  ].join("\n");
  const stack = () => synthStack(STACK).word(inApp(CALLER), inApp(MAIN)).gap(1);

  it("is passed over", () => {
    expect(callers(crashed(stack()).linux({ maps }))).toEqual(["scan app!main"]);
  });

  it("is passed over, too, where code ends right before it: a call that returns there is none", () => {
    const behindCode = synthStack(STACK)
      .word(APP + 0x2000n, inApp(MAIN))
      .gap(1);
    const symbols = { app: symbolsOf({ at: 0, size: 0x1_0000, name: "any" }) };
    expect(framesOf(walked(crashed(behindCode).linux({ maps }), symbols))).toHaveLength(2);
    expect(framesOf(walked(crashed(behindCode), symbols))).toHaveLength(3);
  });

  it("is told by a list of regions as well", () => {
    const data = { base: APP + 0x2000n, size: 0x1000n, state: 0x1000, protection: 2 };
    expect(callers(crashed(stack()).memoryInfo([data]))).toEqual(["scan app!main"]);
    expect(callers(crashed(stack()).memoryInfo([{ ...data, protection: 0x20 }]))[0]).toBe("scan app!caller");
  });

  it("ends a walk that rules led there", () => {
    const symbols = appSymbols({ crash: ".cfa: $rsp 8 + .ra: .cfa -8 + ^" });
    expect(callers(crashed(stack()).linux({ maps }), symbols)).toEqual([]);
  });

  it("may begin right behind a call that never returns", () => {
    const symbols = {
      app: symbolsOf(
        { at: CRASH, name: "crash", cfi: ".cfa: $rsp 8 + .ra: .cfa -8 + ^" },
        { at: 0x1f00, name: "aborts" },
      ),
    };
    const abort = synthStack(STACK)
      .word(APP + 0x2000n)
      .gap(1);
    expect(callers(crashed(abort).linux({ maps }), symbols)).toEqual(["cfi app!aborts"]);
  });

  it("does not matter to a walk that is to be the peer's", () => {
    expect(callers(crashed(stack()).linux({ maps }), appSymbols(), false)).toEqual([
      "scan app!caller",
      "scan app!main",
    ]);
  });
});
