import { describe, expect, it } from "vitest";
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

  it("reads what there is of a dump without a readable SystemInfo, and says why", () => {
    const without = dumpOf(synthMinidump().without(7).thread({ id: 3 }));
    expect(without.systemInfo).toMatchObject({ cpu: "unknown", pointerWidth: 8 });
    expect(without.notes).toContain("SystemInfo: the dump has no such stream");
    const short = dumpOf(synthMinidump().stream(7, new Uint8Array(55)).thread({ id: 3 }));
    expect(short.threads[0]?.id).toBe(3);
    expect(short.notes).toContainEqual(expect.stringContaining("55 bytes"));
  });

  it("reads reason, address and modules of a dump without a thread list, and says so", () => {
    const dump = dumpOf(
      synthMinidump()
        .without(3)
        .module({ base: 0x1000n, size: 16, name: "app" })
        .exception({ code: 11, flags: 1, address: 0x10n }),
    );
    expect(dump).toMatchObject({ threads: [], exception: { code: 11, address: 0x10n } });
    expect(dump.modules[0]?.name).toBe("app");
    expect(dump.notes).toEqual(["ThreadList: the dump has no such stream"]);
  });

  it("fails without threads, modules and exception, and says why", () => {
    expect(errorName(readMinidump(synthMinidump().without(3).finish()))).toBe("MissingThreadList");
    expect(errorName(readMinidump(synthMinidump().without(3).without(7).finish()))).toBe("MissingThreadList");
    const noCount = readMinidump(synthMinidump().stream(3, new Uint8Array(3)).finish());
    expect(noCount).toMatchObject({ ok: false, error: { name: "MissingThreadList" } });
    expect(noCount).toMatchObject({ error: { message: expect.stringContaining("3 bytes") } });
  });

  it("takes the readable one of two streams of one type, and the one that has something", () => {
    const threads = (ids: readonly number[]) => {
      const list = new SynthBytes("little").u32(ids.length);
      for (const id of ids) list.u32(id).zeros(44);
      return list.finish();
    };
    for (const other of [new Uint8Array(2), threads([])]) {
      const bytes = synthMinidump()
        .stream(3, threads([7]))
        .stream(99, other)
        .finish();
      // The directory's third entry becomes another ThreadList.
      expect(dumpOf(patched(bytes, 32 + 2 * 12, 3)).threads[0]?.id).toBe(7);
    }
  });

  it("takes no offset of 0 for a place in the file", () => {
    const thread = new SynthBytes("little").u32(1, 5, 0, 0, 0).u64(0n, 0x7000n).u32(64, 0, 1232, 0);
    expect(dumpOf(synthMinidump().stream(3, thread.finish())).threads[0]).toMatchObject({
      stack: undefined,
      context: undefined,
    });
  });

  it("takes the last of two readable streams of one type", () => {
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
