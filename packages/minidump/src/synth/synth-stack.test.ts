import { describe, expect, it } from "vitest";
import { label, SynthBytes, synthMinidump, synthStack } from "./index.ts";

describe("synthStack", () => {
  it("fills in the address of a mark, also of one further up", () => {
    const stack = synthStack(0x1000n).word(label("frame")).gap(2).mark("frame").word(7n);
    expect(stack.finish("little")).toEqual({
      base: 0x1000n,
      bytes: new SynthBytes("little").u64(0x1018n, 0n, 0n, 7n).finish(),
    });
    expect(stack.resolve(label("frame"))).toBe(0x1018n);
  });

  it("writes words of four bytes for 32-bit processors", () => {
    const stack = synthStack(0x1000n, 4).word(1n).mark("here").word(label("here"));
    expect(stack.finish("big").bytes).toEqual(new SynthBytes("big").u32(1, 0x1004).finish());
  });

  it("refuses a label that was never marked", () => {
    expect(() => synthStack(0n).word(label("nowhere")).finish("little")).toThrow("nowhere");
    expect(() =>
      synthMinidump()
        .thread({ registers: { rsp: label("x") } })
        .finish(),
    ).toThrow("no stack");
  });

  it("refuses a register that amd64 does not have", () => {
    expect(() =>
      synthMinidump()
        .thread({ registers: { eip: 1n } })
        .finish(),
    ).toThrow("eip");
  });
});
