import { describe, expect, it } from "vitest";
import { SynthBytes, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

describe.each(byteOrders)("Exception, %s endian", (byteOrder) => {
  it("reads thread, code, flags, address, parameters and registers", () => {
    const { exception } = dumpOf(
      synthMinidump({ byteOrder }).exception({
        threadId: 31,
        code: 11,
        flags: 0xffff_fffa,
        address: 0xffff_8000_0000_0010n,
        parameters: [1n, 0xffff_ffff_ffff_ffffn],
        registers: { rip: 0x1234n },
      }),
    );
    expect(exception).toMatchObject({
      threadId: 31,
      code: 11,
      flags: 0xffff_fffa,
      address: 0xffff_8000_0000_0010n,
      parameters: [1n, 0xffff_ffff_ffff_ffffn],
    });
    expect(exception?.context?.registers.rip).toBe(0x1234n);
  });

  it("has no context when the record has none", () => {
    expect(dumpOf(synthMinidump({ byteOrder }).exception({ code: 6 })).exception?.context).toBeUndefined();
  });
});

it("reads no more than 15 parameters, whatever the count says", () => {
  const stream = new SynthBytes("little").u32(1, 0, 11, 0).u64(0n, 0n).u32(0xffff_ffff, 0).zeros(128);
  expect(dumpOf(synthMinidump().stream(6, stream.finish())).exception?.parameters).toHaveLength(15);
});
