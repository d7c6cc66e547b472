import { label, type SynthStack, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appDump, appSymbols, CALLER, CRASH, crashed, inApp, MAIN } from "../test-support/app.ts";
import { framesOf, walked } from "../test-support/walked.ts";

const STACK = 0x7ffe_0000n;
const WINDOWS = { platform: 2 };

/** The frames found beyond the first. */
function callers(stack: SynthStack, registers: Parameters<typeof crashed>[1]): string[] {
  return framesOf(walked(crashed(stack, registers), appSymbols())).slice(1);
}

describe("walking by frame pointer", () => {
  it("goes from frame to frame", () => {
    const stack = synthStack(STACK)
      .gap(1)
      .mark("first")
      .word(label("second"), inApp(CALLER))
      .gap(1)
      .mark("second")
      .word(label("third"), inApp(MAIN))
      .mark("third")
      .gap(2);
    expect(callers(stack, { rbp: label("first") })).toEqual([
      "frame_pointer app!caller",
      "frame_pointer app!main",
    ]);
  });

  it("goes into code that no module holds", () => {
    const stack = synthStack(STACK).mark("rbp").word(label("end"), 0x1234_5678n).mark("end").gap(1);
    expect(callers(stack, { rbp: label("rbp") })).toEqual(["frame_pointer 0x12345677"]);
  });

  it("goes on after call-frame rules that gave rbp back", () => {
    const stack = synthStack(STACK)
      .word(label("rbp"), inApp(CALLER))
      .mark("rbp")
      .word(label("end"), inApp(MAIN))
      .mark("end")
      .gap(1);
    const symbols = appSymbols({ crash: ".cfa: $rsp 16 + .ra: .cfa -8 + ^ $rbp: .cfa -16 + ^" });
    expect(framesOf(walked(crashed(stack), symbols))).toEqual([
      "context app!crash",
      "cfi app!caller",
      "frame_pointer app!main",
    ]);
  });

  it("takes a caller's frame that begins where its own ends", () => {
    const stack = synthStack(STACK).mark("rbp").word(label("next"), 0x1234_5678n).mark("next").gap(2);
    expect(callers(stack, { rbp: label("rbp") })).toEqual(["frame_pointer 0x12345677"]);
  });

  const good = () => synthStack(STACK).gap(2).mark("rbp");

  it.each([
    ["rbp is 0", good().word(label("end"), 0x1234_5678n).mark("end").gap(1), 0n],
    ["rbp lies outside the stack", good().word(label("end"), 0x1234_5678n).mark("end").gap(1), STACK - 8n],
    ["rbp lies at the end of the address space", good().gap(4), 2n ** 64n - 8n],
    ["the stack ends within the frame", good().word(label("rbp")), label("rbp")],
    ["the caller's rbp points down the stack", good().word(STACK, 0x1234_5678n).gap(1), label("rbp")],
    [
      "the caller's rbp points into the frame",
      good().mark("own").word(label("rbp"), 0x1234_5678n).gap(1),
      label("rbp"),
    ],
    [
      "the caller's rbp points out of the stack",
      good()
        .word(STACK + 0x1000n, 0x1234_5678n)
        .gap(1),
      label("rbp"),
    ],
    [
      "the return address cannot be one",
      good().word(label("end"), 0x8000_0000_0000n).mark("end").gap(1),
      label("rbp"),
    ],
  ])("finds nothing when %s", (_, stack, rbp) => {
    expect(callers(stack, { rbp })).toEqual([]);
  });

  it("takes return addresses up to the end of the canonical halves", () => {
    for (const rip of [0x7fff_ffff_ffffn, 0xffff_8000_0000_0000n]) {
      const stack = synthStack(STACK).mark("rbp").word(label("end"), rip).mark("end").gap(1);
      expect(callers(stack, { rbp: label("rbp") })).toEqual([`frame_pointer 0x${(rip - 1n).toString(16)}`]);
    }
  });

  it("gives way to scanning where the frame lies below rsp: it is an old one", () => {
    const stack = synthStack(STACK)
      .mark("rbp")
      .word(label("end"), inApp(CALLER))
      .mark("end")
      .word(0n, inApp(MAIN))
      .gap(2);
    expect(callers(stack, { rbp: label("rbp"), rsp: label("end") })).toEqual(["scan app!main"]);
  });
});

describe("a frame of Windows code", () => {
  /** A saved frame that lies `bytes` above rbp. */
  function away(bytes: number): SynthStack {
    return synthStack(STACK)
      .mark("rbp")
      .gap(bytes / 8)
      .word(label("end"), 0x1234_5678n)
      .mark("end")
      .gap(1);
  }

  const frames = (stack: SynthStack, system: { platform?: number }) =>
    framesOf(
      walked(
        appDump(system).thread({
          stack,
          registers: { rip: APP + BigInt(CRASH), rsp: STACK, rbp: label("rbp") },
        }),
        appSymbols(),
      ),
    ).slice(1);

  it.each([0, 16, 128, 240])("may have rbp point %i bytes below the saved one", (bytes) => {
    expect(frames(away(bytes), WINDOWS)).toEqual(["frame_pointer 0x12345677"]);
  });

  it.each([8, 24, 256])("has rbp nowhere else: not %i bytes below", (bytes) => {
    expect(frames(away(bytes), WINDOWS)).toEqual([]);
  });

  it("is not looked for on other systems", () => {
    expect(frames(away(16), {})).toEqual([]);
  });

  it("is not looked for behind a saved rbp that points out of the stack", () => {
    const stack = synthStack(STACK)
      .mark("rbp")
      .word(STACK + 0x10_0000n, 0x1234_5678n)
      .word(label("end"), 0x1234_5678n)
      .mark("end")
      .gap(1);
    expect(frames(stack, WINDOWS)).toEqual([]);
  });

  it("is looked for on behind a return address that cannot be one", () => {
    const stack = synthStack(STACK)
      .mark("rbp")
      .word(label("end"), 0x8000_0000_0000n)
      .word(label("end"), 0x1234_5678n)
      .mark("end")
      .gap(1);
    expect(frames(stack, WINDOWS)).toEqual(["frame_pointer 0x12345677"]);
  });
});
