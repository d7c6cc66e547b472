import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { crashAddress } from "./crash-address.ts";

describe("crashAddress", () => {
  it("is the exception's address", () => {
    const synth = synthMinidump().exception({
      code: 11,
      address: 0xffff_ffff_8000_0042n,
      parameters: [1n, 2n],
    });
    expect(crashAddress(dumpOf(synth))).toBe(0xffff_ffff_8000_0042n);
  });

  it("is the second parameter of a Windows access violation", () => {
    const windows = (code: number, parameters: bigint[]) =>
      crashAddress(
        dumpOf(synthMinidump().system({ platform: 2 }).exception({ code, address: 0x40_0000n, parameters })),
      );
    expect(windows(0xc000_0005, [1n, 0x45n])).toBe(0x45n);
    expect(windows(0xc000_0006, [0n, 0x46n, 0n])).toBe(0x46n);
    expect(windows(0xc000_0005, [1n])).toBe(0x40_0000n);
    expect(windows(0x8000_0003, [1n, 0x45n])).toBe(0x40_0000n);
  });

  it("keeps 32 bits on a 32-bit processor", () => {
    const synth = synthMinidump()
      .system({ arch: 0 })
      .exception({ code: 11, address: 0xffff_ffff_e5e5_e5e5n });
    expect(crashAddress(dumpOf(synth))).toBe(0xe5e5_e5e5n);
  });

  it("is undefined without an exception", () => {
    expect(crashAddress(dumpOf(synthMinidump()))).toBeUndefined();
  });
});
