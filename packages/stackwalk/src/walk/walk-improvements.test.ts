import { type Label, label, SynthBytes, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appDump, appSymbols, CALLER, CRASH, inApp, MAIN } from "../test-support/app.ts";
import { framesOf, symbolsOf, walked } from "../test-support/walked.ts";

const STACK = 0x7ffe_0000n;
const WINDOWS = { platform: 2 };
const here = { rip: inApp(CRASH), rsp: STACK };
const JIT = 0x5555_0000n;

/** AMD64's record with the extended state that tells where the shadow stack is. */
function amd64Context(registers: { rip: bigint; rsp: bigint }, shadowStack: bigint): Uint8Array {
  const bytes = new SynthBytes("little").zeros(1232);
  bytes.u32(2 ** 32 - 1232, 1232 + 24 + 80, 2 ** 32 - 1232, 1232, 24, 80); // CONTEXT_EX
  bytes
    .u64(1n << 11n, (1n << 63n) | (1n << 11n))
    .zeros(48)
    .u64(1n, shadowStack);
  const record = bytes.finish();
  const view = new DataView(record.buffer, record.byteOffset);
  view.setUint32(0x30, 0x10_005f, true);
  view.setBigUint64(0x98, registers.rsp, true);
  view.setBigUint64(0xf8, registers.rip, true);
  return record;
}

describe("improvements", () => {
  it("jit_frames: scanning takes return addresses in executable memory without module", () => {
    const dump = () =>
      appDump()
        .memoryInfo([{ base: JIT, size: 0x1000n, state: 0x1000, protection: 0x20 }])
        .thread({
          stack: synthStack(STACK)
            .word(JIT + 0x10n, inApp(MAIN))
            .gap(1),
          registers: here,
        });
    expect(framesOf(walked(dump(), appSymbols(), true))).toEqual([
      "context app!crash",
      "scan 0x5555000f",
      "scan app!main",
    ]);
    expect(framesOf(walked(dump(), appSymbols(), false))).toEqual(["context app!crash", "scan app!main"]);
  });

  it("stack_is_no_code: a pointer into an executable stack is no return address", () => {
    const stack = synthStack(STACK)
      .mark("rbp")
      .word(label("up"), STACK + 0x10n, inApp(CALLER), STACK + 8n)
      .mark("up")
      .word(0n, inApp(MAIN))
      .gap(1);
    const dump = (registers: Record<string, bigint | Label>) =>
      appDump()
        .memoryInfo([{ base: STACK, size: 0x1_0000n, state: 0x1000, protection: 0x40 }])
        .thread({ stack, registers: { ...here, ...registers } });
    expect(framesOf(walked(dump({}), appSymbols(), true))).toEqual([
      "context app!crash",
      "scan app!caller",
      "scan app!main",
    ]);
    expect(framesOf(walked(dump({ rbp: label("rbp") }), appSymbols(), true))).toEqual(["context app!crash"]);
  });

  describe("shadow_stack: the return addresses that the processor kept decide", () => {
    const SHADOW = 0x1234_0000n;
    const shadow = (...addresses: bigint[]) => ({
      base: SHADOW,
      bytes: new Uint8Array(BigUint64Array.from(addresses).buffer),
    });
    const stack = () =>
      synthStack(STACK).word(inApp(MAIN)).gap(1).word(inApp(CALLER)).gap(1).word(inApp(MAIN)).gap(1);
    const dump = (memory: ReturnType<typeof shadow>) => {
      const context = amd64Context({ rip: inApp(CRASH), rsp: STACK }, SHADOW);
      return appDump().thread({ stack: stack(), context }).memory(memory);
    };
    it.each([
      ["they are found on the stack", shadow(inApp(CALLER), inApp(MAIN), 0n), ["caller", "main"]],
      ["one is not there", shadow(inApp(CALLER), inApp(CRASH), inApp(MAIN), 0n), ["caller", "crash", "main"]],
      ["the outermost is the last", shadow(inApp(MAIN), 0n, inApp(CALLER)), ["main"]],
      [
        "a token lies between them",
        shadow(inApp(CALLER), (SHADOW + 16n) | 1n, inApp(MAIN), 0n),
        ["caller", "main"],
      ],
      ["the dump has only some", shadow(inApp(CALLER)), ["caller", "main"]],
      ["there are none", shadow(0n), ["main", "caller", "main"]],
    ])("where %s", (_, memory, functions) => {
      const frames = framesOf(walked(dump(memory), appSymbols(), true));
      expect(frames).toEqual(["context app!crash", ...functions.map((name) => `scan app!${name}`)]);
      expect(framesOf(walked(dump(memory), appSymbols(), false))).toHaveLength(4);
    });
  });

  it("windows_saved_registers: rdi and rsi are the caller's on 64-bit Windows", () => {
    const rules = {
      crash: ".cfa: $rsp 8 + .ra: .cfa -8 + ^",
      caller: ".cfa: $rdi 16 + .ra: .cfa -8 + ^",
    };
    const dump = (system: { platform?: number }) =>
      appDump(system).thread({
        stack: synthStack(STACK).word(inApp(CALLER)).gap(1).mark("rdi").word(0n, inApp(MAIN)).gap(1),
        registers: { ...here, rdi: label("rdi") },
      });
    const third = (system: { platform?: number }, improved: boolean) =>
      framesOf(walked(dump(system), appSymbols(rules), improved))[2];
    expect(third(WINDOWS, true)).toBe("cfi app!main");
    expect(third(WINDOWS, false)).toBe("scan app!main");
    expect(third({}, true)).toBe("scan app!main");
  });

  it("leaf_frames: a function of 64-bit Windows without rules has its return address on top", () => {
    const dump = () =>
      appDump(WINDOWS).thread({
        stack: synthStack(STACK)
          .word(inApp(CALLER))
          .mark("rbp")
          .word(label("up"), inApp(MAIN))
          .mark("up")
          .gap(2),
        registers: { ...here, rbp: label("rbp") },
      });
    const rules = { caller: ".cfa: $rsp 16 + .ra: .cfa -8 + ^" };
    expect(framesOf(walked(dump(), appSymbols(rules), true)).slice(0, 3)).toEqual([
      "context app!crash",
      "scan app!caller",
      "cfi app!main",
    ]);
    expect(framesOf(walked(dump(), appSymbols(rules), false))[1]).toBe("frame_pointer app!main");
  });

  it("behind_no_return: a thread that stands right behind a function is in that function", () => {
    const call = ".cfa: $rsp 16 + .ra: .cfa -8 + ^";
    const entered = ".cfa: $rsp 8 + .ra: .cfa -8 + ^";
    const symbols = (next?: number) => ({
      app: symbolsOf(
        { at: 0x1000, size: 0x40, name: "never_returns", cfi: call },
        { at: 0x2000, size: 0x40, name: "caller" },
        ...(next === undefined ? [] : [{ at: next, size: 0x40, name: "next", cfi: entered }]),
      ),
    });
    const dump = (first: bigint) =>
      appDump().thread({
        stack: synthStack(STACK).word(first, inApp(0x2010)).gap(2),
        registers: { rip: APP + 0x1040n, rsp: STACK },
      });
    const told = (next: number | undefined, first: bigint, improved = true) =>
      framesOf(walked(dump(first), symbols(next), improved)).slice(0, 2);
    expect(told(undefined, 1n)).toEqual(["context app!never_returns", "cfi app!caller"]);
    expect(told(undefined, 1n, false)).toEqual(["context app!", "scan app!caller"]);
    // Another function begins there: which one it is follows from whose frame leads on.
    expect(told(0x1040, 1n)).toEqual(["context app!never_returns", "cfi app!caller"]);
    expect(told(0x1040, inApp(0x2010))).toEqual(["context app!next", "cfi app!caller"]);
  });

  it("section_names: the name of a section is no function, and its rules count", () => {
    const symbols = {
      app: symbolsOf({
        at: 0,
        size: 0x10000,
        name: "<.text ELF section in app>",
        cfi: ".cfa: $rsp 16 + .ra: .cfa -8 + ^",
      }),
    };
    const dump = () =>
      appDump().thread({ stack: synthStack(STACK).gap(1).word(inApp(CALLER)).gap(2), registers: here });
    expect(framesOf(walked(dump(), symbols, true))).toEqual(["context app!", "cfi app!"]);
    expect(framesOf(walked(dump(), symbols, false))[1]).toBe("cfi app!<.text ELF section in app>");
  });
});
