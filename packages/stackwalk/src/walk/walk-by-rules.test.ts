import { label, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appSymbols, CALLER, CRASH, crashed, inApp, LIB, MAIN } from "../test-support/app.ts";
import { framesOf, symbolsOf, walked } from "../test-support/walked.ts";

const STACK = 0x7ffe_0000n;

/** The rules of a function that keeps `words` words on the stack below its return address. */
function frameOf(words: number): string {
  return `.cfa: $rsp ${words * 8 + 8} + .ra: .cfa -8 + ^`;
}

describe("walking by call-frame rules", () => {
  it("goes from return address to return address", () => {
    const stack = synthStack(STACK).gap(2).word(inApp(CALLER)).gap(1).word(inApp(MAIN)).gap(4);
    const symbols = appSymbols({ crash: frameOf(2), caller: frameOf(1), main: frameOf(0) });
    expect(framesOf(walked(crashed(stack), symbols))).toEqual([
      "context app!crash",
      "cfi app!caller",
      "cfi app!main",
    ]);
  });

  it("gives a caller the registers that its callee saved", () => {
    const stack = synthStack(STACK)
      .word(label("frame of caller"), inApp(CALLER))
      .gap(7)
      .mark("frame of caller")
      .word(inApp(MAIN))
      .gap(4);
    const symbols = appSymbols({
      crash: `${frameOf(1)} $rbx: .cfa -16 + ^`,
      caller: ".cfa: $rbx 8 + .ra: .cfa -8 + ^",
    });
    const walk = walked(crashed(stack, { rbx: 7n }), symbols);
    expect(framesOf(walk).slice(0, 3)).toEqual(["context app!crash", "cfi app!caller", "cfi app!main"]);
  });

  it.each(["rbx", "rbp", "r12", "r13", "r14", "r15"])(
    "gives a caller %s as it is, without a rule for it",
    (name) => {
      const stack = synthStack(STACK).word(inApp(CALLER)).gap(7).mark("far").word(inApp(MAIN)).gap(1);
      const symbols = appSymbols({ crash: frameOf(0), caller: `.cfa: $${name} 8 + .ra: .cfa -8 + ^` });
      const walk = walked(crashed(stack, { [name]: label("far") }), symbols);
      expect(framesOf(walk)[2]).toBe("cfi app!main");
    },
  );

  it.each(["rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11"])(
    "does not know a caller's %s, which any callee may use",
    (name) => {
      const stack = synthStack(STACK).word(inApp(CALLER)).gap(7).mark("far").word(inApp(MAIN)).gap(1);
      const symbols = appSymbols({ crash: frameOf(0), caller: `.cfa: $${name} 8 + .ra: .cfa -8 + ^` });
      const walk = walked(crashed(stack, { [name]: label("far") }), symbols);
      expect(framesOf(walk)[2]).toBe("scan app!main");
    },
  );

  it.each([
    ["is undefined", ".undef"],
    ["cannot be loaded", "0 ^"],
    ["divides by zero", "8 0 /"],
  ])("does not know a caller's register when its rule %s", (_, rule) => {
    const stack = synthStack(STACK).word(inApp(CALLER)).gap(7).mark("far").word(inApp(MAIN)).gap(1);
    const symbols = appSymbols({
      crash: `${frameOf(0)} $rbx: ${rule}`,
      caller: ".cfa: $rbx 8 + .ra: .cfa -8 + ^",
    });
    expect(framesOf(walked(crashed(stack, { rbx: label("far") }), symbols))[2]).toBe("scan app!main");
  });

  it("aligns, as functions do that need their stack aligned", () => {
    const stack = synthStack(STACK).gap(4).word(inApp(CALLER)).gap(1);
    const symbols = appSymbols({ crash: ".cfa: $rsp 32 @ 40 + .ra: .cfa -8 + ^" });
    const walk = walked(crashed(stack, { rsp: STACK + 24n }), symbols);
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!caller"]);
  });

  it("lets rules for rsp and rip of their own count first, as signal frames have them", () => {
    const stack = synthStack(STACK).gap(4).word(inApp(CALLER)).gap(2).word(inApp(MAIN)).gap(1);
    const symbols = appSymbols({
      crash: ".cfa: $rsp 8 + .ra: 0 $rsp: $rsp 40 + $rip: $rsp 32 + ^",
      caller: frameOf(2),
    });
    expect(framesOf(walked(crashed(stack), symbols))).toEqual([
      "context app!crash",
      "cfi app!caller",
      "cfi app!main",
    ]);
  });

  it("looks at the call, not behind it: there another function may begin", () => {
    const stack = synthStack(STACK)
      .word(APP + BigInt(CALLER))
      .gap(1)
      .word(inApp(MAIN))
      .gap(1);
    const symbols = {
      app: symbolsOf(
        { at: CRASH, name: "crash", cfi: frameOf(0) },
        { at: CALLER - 0x100, name: "ends with a call", cfi: frameOf(1) },
        { at: CALLER, name: "wrong", cfi: frameOf(0) },
        { at: MAIN, name: "main" },
      ),
    };
    expect(framesOf(walked(crashed(stack), symbols))).toEqual([
      "context app!crash",
      "cfi app!ends with a call",
      "cfi app!main",
    ]);
  });

  it("looks at the crashing instruction itself", () => {
    const stack = synthStack(STACK).word(inApp(CALLER)).gap(1);
    const walk = walked(crashed(stack, { rip: APP + BigInt(CRASH) }), appSymbols({ crash: frameOf(0) }));
    expect(framesOf(walk)).toEqual(["context app!crash", "cfi app!caller"]);
  });

  it("goes into code that no module holds, as a compiler at run time makes it", () => {
    const stack = synthStack(STACK).word(0x1234_5678n).gap(1);
    expect(framesOf(walked(crashed(stack), appSymbols({ crash: frameOf(0) })))).toEqual([
      "context app!crash",
      "cfi 0x12345677",
    ]);
  });

  it.each(["constructor", "__proto__", "toString", "hasOwnProperty", "eip", "xmm0"])(
    "is not disturbed by a register called %s",
    (name) => {
      const stack = synthStack(STACK).word(inApp(CALLER)).word(inApp(MAIN)).gap(2);
      const symbols = appSymbols({
        crash: `${frameOf(0)} $${name}: 8 $r8: $${name} 8 +`,
        caller: `.cfa: $${name} 8 + .ra: .cfa -8 + ^`,
      });
      expect(framesOf(walked(crashed(stack), symbols))).toEqual([
        "context app!crash",
        "cfi app!caller",
        "scan app!main",
      ]);
    },
  );
});

describe("rules that lead nowhere", () => {
  const broken = [
    ["cannot be read", "!"],
    ["have no frame address", ".ra: .cfa -8 + ^"],
    ["have a word too many", `junk ${frameOf(0)}`],
    ["divide by zero", ".cfa: $rsp 0 / .ra: .cfa -8 + ^"],
    ["use a register that is unknown", ".cfa: $xyz 8 + .ra: .cfa -8 + ^"],
    ["load from outside the stack", ".cfa: $rsp 8 + .ra: 0 ^"],
    ["leave two values", ".cfa: $rsp 8 .ra: .cfa -8 + ^"],
  ] as const;

  it.each(broken)("give way to the frame pointer when they %s", (_, crash) => {
    const stack = synthStack(STACK).gap(2).mark("rbp").word(label("end"), inApp(CALLER)).mark("end").gap(2);
    const walk = walked(crashed(stack, { rbp: label("rbp") }), appSymbols({ crash }));
    expect(framesOf(walk)).toEqual(["context app!crash", "frame_pointer app!caller"]);
  });

  it.each(broken)("give way to scanning without a frame pointer when they %s", (_, crash) => {
    const stack = synthStack(STACK)
      .gap(2)
      .word(LIB + 0x10n)
      .gap(2);
    expect(framesOf(walked(crashed(stack), appSymbols({ crash })))).toEqual([
      "context app!crash",
      "scan lib!",
    ]);
  });
});

describe("the outermost frame", () => {
  const stack = synthStack(STACK).word(inApp(MAIN)).word(inApp(CALLER)).gap(2);

  it.each([".cfa: $rsp 8 +", ".cfa: $rsp 8 + .ra: .undef"])(
    "is one whose rules name no return address: %s",
    (main) => {
      const symbols = appSymbols({ crash: frameOf(0), main });
      expect(framesOf(walked(crashed(stack), symbols))).toEqual(["context app!crash", "cfi app!main"]);
    },
  );

  it("is scanned on from where the walk is to be the peer's", () => {
    const symbols = appSymbols({ crash: frameOf(0), main: ".cfa: $rsp 8 +" });
    expect(framesOf(walked(crashed(stack), symbols, false))).toEqual([
      "context app!crash",
      "cfi app!main",
      "scan app!caller",
    ]);
  });
});
