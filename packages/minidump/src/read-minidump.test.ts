import { describe, expect, it } from "vitest";
import { minidumpErrors } from "./minidump-error.ts";
import { type ReadResult, readMinidump } from "./read-minidump.ts";
import { SynthBytes, synthMinidump } from "./synth/index.ts";
import { byteOrders, dumpOf } from "./test-support/dump-of.ts";

const errorName = (result: ReadResult) => (result.ok ? "no error" : result.error.name);

/** `bytes` with the u32 at `at` replaced, little endian. */
function patched(bytes: Uint8Array, at: number, value: number): Uint8Array {
  const copy = bytes.slice();
  new DataView(copy.buffer).setUint32(at, value, true);
  return copy;
}

describe.each(byteOrders)("readMinidump, %s endian", (byteOrder) => {
  it("reads the header", () => {
    const dump = dumpOf(synthMinidump({ byteOrder, timestamp: 1234567890 }));
    expect(dump.byteOrder).toBe(byteOrder);
    expect(dump.timestamp).toBe(1234567890);
    expect(dump.notes).toEqual([]);
  });

  it("answers absent streams with nothing", () => {
    expect(dumpOf(synthMinidump({ byteOrder }))).toMatchObject({
      threads: [],
      modules: [],
      unloadedModules: [],
      exception: undefined,
      memory: { regions: [] },
      memoryInfo: [],
      miscInfo: undefined,
      breakpadInfo: undefined,
      handles: undefined,
      linux: { cpuInfo: undefined, procStatus: undefined, lsbRelease: undefined, maps: undefined },
      softErrors: undefined,
    });
  });

  it("leaves an unreadable stream out and tells so", () => {
    const dump = dumpOf(synthMinidump({ byteOrder }).stream(6, new Uint8Array(20)).softErrors("{"));
    expect(dump.exception).toBeUndefined();
    expect(dump.softErrors).toBeUndefined();
    expect(dump.notes).toEqual([
      "Exception: StreamReadFailure: the stream is too short for what it must hold, or lies outside the bytes (20 bytes, at least 168 needed)",
      "MozSoftErrors: DataError: the stream's content is not of its documented form (not JSON)",
    ]);
  });
});

describe("readMinidump", () => {
  it("fails with MissingHeader when the bytes end in the header", () => {
    expect(errorName(readMinidump(new Uint8Array()))).toBe("MissingHeader");
    expect(errorName(readMinidump(synthMinidump().finish().subarray(0, 31)))).toBe("MissingHeader");
  });

  it("fails with HeaderMismatch when the bytes are something else", () => {
    const text = new TextEncoder().encode("<!DOCTYPE html><title>504</title>");
    expect(errorName(readMinidump(text))).toBe("HeaderMismatch");
  });

  it("fails with VersionMismatch, but lets the writer use the version's high half", () => {
    const bytes = synthMinidump().finish();
    expect(errorName(readMinidump(patched(bytes, 4, 0xa794)))).toBe("VersionMismatch");
    expect(readMinidump(patched(bytes, 4, 0x5128_a793)).ok).toBe(true);
  });

  it("fails with MissingDirectory when the directory reaches past the end", () => {
    const bytes = synthMinidump().finish();
    expect(errorName(readMinidump(patched(bytes, 8, 0xffff_ffff)))).toBe("MissingDirectory");
    expect(errorName(readMinidump(patched(bytes, 12, bytes.length)))).toBe("MissingDirectory");
  });

  it("fails without a readable SystemInfo, and says why", () => {
    expect(readMinidump(synthMinidump().without(7).finish())).toEqual({
      ok: false,
      error: { name: "MissingSystemInfo", message: minidumpErrors.MissingSystemInfo },
    });
    const short = readMinidump(synthMinidump().stream(7, new Uint8Array(55)).finish());
    expect(short).toMatchObject({ ok: false, error: { name: "MissingSystemInfo" } });
    expect(short).toMatchObject({ error: { message: expect.stringContaining("55 bytes") } });
  });

  it("fails without a readable ThreadList, also when SystemInfo is absent too", () => {
    expect(errorName(readMinidump(synthMinidump().without(3).finish()))).toBe("MissingThreadList");
    expect(errorName(readMinidump(synthMinidump().without(3).without(7).finish()))).toBe("MissingThreadList");
    const wrongCount = new SynthBytes("little").u32(2).zeros(48).finish();
    expect(errorName(readMinidump(synthMinidump().stream(3, wrongCount).finish()))).toBe("MissingThreadList");
  });

  it("takes the last of two streams of one type", () => {
    const bytes = synthMinidump()
      .breakpadInfo({ requestingThreadId: 1 })
      .stream(99, new SynthBytes("little").u32(2, 0, 7).finish())
      .finish();
    // The directory's fourth entry becomes another BreakpadInfo.
    expect(dumpOf(patched(bytes, 32 + 3 * 12, 0x4767_0001)).breakpadInfo?.requestingThreadId).toBe(7);
  });

  it("ignores stream types it does not know", () => {
    expect(dumpOf(synthMinidump().stream(0xabcd, new Uint8Array(3))).notes).toEqual([]);
  });

  it("notes a stream that lies outside the bytes", () => {
    const bytes = synthMinidump().breakpadInfo({ dumpThreadId: 1 }).finish();
    const dump = dumpOf(patched(bytes, 32 + 2 * 12 + 8, 0xffff_fff0));
    expect(dump.breakpadInfo).toBeUndefined();
    expect(dump.notes).toEqual([expect.stringContaining("BreakpadInfo: StreamReadFailure")]);
  });

  it("reads the same from bytes in the middle of a larger buffer", () => {
    const bytes = synthMinidump().thread({ name: "main" }).finish();
    const larger = new Uint8Array(bytes.length + 14);
    larger.set(bytes, 7);
    expect(dumpOf(larger.subarray(7, 7 + bytes.length)).threads[0]?.name).toBe("main");
  });
});
