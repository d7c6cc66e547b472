import { describe, expect, it } from "vitest";
import { instructionPointer, stackPointer } from "../contexts/cpu-context.ts";
import { label, SynthBytes, synthContext, synthMinidump, synthStack } from "../synth/index.ts";
import type { SynthFile } from "../synth/synth-file.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";

describe.each(byteOrders)("ThreadList, %s endian", (byteOrder) => {
  const stack = () => synthStack(0x7ffe_0000n).word(1n).mark("top").word(label("top"), 3n);

  it("reads ids, environment block, stack and registers", () => {
    const dump = dumpOf(
      synthMinidump({ byteOrder })
        .thread({ id: 41, teb: 0x7000_0000_0000n })
        .thread({ id: 42, stack: stack(), registers: { rsp: label("top"), rip: 0x40_0110n, r15: 15n } }),
    );
    expect(dump.threads[0]).toEqual({
      id: 41,
      teb: 0x7000_0000_0000n,
      stackStart: 0n,
      stack: undefined,
      context: undefined,
      name: undefined,
    });
    const [, thread] = dump.threads;
    expect(thread?.stackStart).toBe(0x7ffe_0000n);
    expect(thread?.stack?.base).toBe(0x7ffe_0000n);
    expect(thread?.stack?.bytes.bytes()).toEqual(
      new SynthBytes(byteOrder).u64(1n, 0x7ffe_0008n, 3n).finish(),
    );
    expect(instructionPointer(thread!.context!)).toBe(0x40_0110n);
    expect(stackPointer(thread!.context!)).toBe(0x7ffe_0008n);
    expect(thread?.context?.registers).toMatchObject({ r15: 15n, rax: 0n });
  });

  it("reads every amd64 register from its own place", () => {
    const names = "rax rdx rcx rbx rsi rdi rbp rsp r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ");
    const registers = Object.fromEntries(names.map((name, index) => [name, BigInt(index + 1) << 40n]));
    const dump = dumpOf(synthMinidump({ byteOrder }).thread({ registers }));
    expect(dump.threads[0]?.context).toEqual({ cpu: "amd64", width: 8, registers });
    expect(Object.keys(dump.threads[0]!.context!.registers)).toEqual(names);
  });

  it("gives threads their names", () => {
    const dump = dumpOf(
      synthMinidump({ byteOrder })
        .thread({ name: "GeckoMain" })
        .thread({})
        .thread({ name: "Zeichenprüfer ☃" }),
    );
    expect(dump.threads.map(({ name }) => name)).toEqual(["GeckoMain", undefined, "Zeichenprüfer ☃"]);
  });
});

describe("ThreadList", () => {
  const contextOf = (context: Uint8Array) => dumpOf(synthMinidump().thread({ context })).threads[0]?.context;

  it("takes a context only when its flags name the processor", () => {
    expect(contextOf(synthContext("little", 9, {}, 0x10_0000))).toBeDefined();
    expect(contextOf(synthContext("little", 9, {}, 0x10_005f))).toBeDefined();
    expect(contextOf(synthContext("little", 9, {}, 0x1_003f))).toBeUndefined();
    expect(contextOf(synthContext("little", 9, {}, 0x8010_000f))).toBeUndefined();
  });

  it("takes a context with extended state behind it, and no shorter one", () => {
    const context = synthContext("little", 9, { rip: 9n });
    expect(contextOf(Uint8Array.from([...context, ...new Uint8Array(64)]))?.registers.rip).toBe(9n);
    expect(contextOf(context.subarray(0, 1231))).toBeUndefined();
  });

  it("takes no context for a processor it does not read, and notes it", () => {
    const dump = dumpOf(
      synthMinidump()
        .system({ arch: 2 })
        .thread({ context: new Uint8Array(2000) }),
    );
    expect(dump.threads[0]?.context).toBeUndefined();
    expect(dump.notes).toEqual(["ThreadList: 1 of 1 threads have no readable context"]);
  });

  it("keeps a thread whose stack lies outside the file", () => {
    const entry = new SynthBytes("little").u32(1, 77, 0, 0, 0).u64(0n, 0x7000n).u32(64, 0xffff_0000, 0, 0);
    const [thread] = dumpOf(synthMinidump().stream(3, entry.finish())).threads;
    expect(thread).toMatchObject({ id: 77, stackStart: 0x7000n, stack: undefined });
  });

  it("accepts four bytes of padding behind the count, and bytes of any number behind the entries", () => {
    const entry = new SynthBytes("little").u32(5).zeros(36).u32(16, 40).finish();
    const idOf = (stream: SynthBytes) => dumpOf(synthMinidump().stream(3, stream.finish())).threads[0]?.id;
    expect(idOf(new SynthBytes("little").u32(1, 0).raw(entry))).toBe(5);
    for (const tail of [1, 2, 3, 8, 12, 16, 48, 100])
      expect(idOf(new SynthBytes("little").u32(1).raw(entry).zeros(tail))).toBe(5);
    for (const tail of [4, 8, 60])
      expect(idOf(new SynthBytes("little").u32(1, 0xffff_ffff).raw(entry).zeros(tail))).toBe(5);
  });

  it.each([
    ["behind the entries", [1], [0xeeee_eeee]],
    ["before the entries", [1, 0], []],
    ["before and behind them", [1, 0], [0xeeee_eeee, 0, 7]],
    ["before those that are there of a list that is cut off", [3, 0], [0xeeee_eeee]],
  ])("finds entries by their registers where there are bytes %s", (_, front, behind) => {
    const registers = { rip: 0x40_0010n };
    const [plain] = dumpOf(synthMinidump().thread({ id: 7, registers })).threads;
    const stream = (file: SynthFile) => {
      const context = synthContext("little", 9, registers);
      const { size, rva } = file.place(context);
      const entry = file.bytes().u32(7).zeros(36).u32(size, rva).finish();
      return file
        .bytes()
        .u32(...front)
        .raw(entry)
        .u32(...behind)
        .finish();
    };
    const { threads } = dumpOf(synthMinidump().stream(3, stream));
    expect(threads.map(({ id, context }) => [id, context])).toEqual([[7, plain?.context]]);
  });

  it("takes the threads that are there of a count that the stream has no bytes for, and says so", () => {
    const stream = new SynthBytes("little").u32(0xffff_ffff, 5).zeros(44).zeros(20).finish();
    const dump = dumpOf(synthMinidump().stream(3, stream));
    expect(dump.threads.map(({ id }) => id)).toEqual([5]);
    expect(dump.notes).toContain("ThreadList: the bytes of 4294967294 of 4294967295 entries are not there");
  });

  it("takes what is there of a stack that the file's end cuts off", () => {
    const bytes = synthMinidump()
      .thread({ stack: { base: 0x7000n, bytes: Uint8Array.from({ length: 64 }, (_, at) => at) } })
      .finish();
    const whole = dumpOf(bytes).threads[0]!.stack!;
    const end = whole.bytes.place + 20;
    const entry = new SynthBytes("little").u32(1, 9, 0, 0, 0).u64(0n, 0x7000n);
    // The list stands behind the stack otherwise, and would be cut off with it.
    const moved = synthMinidump().stream(3, entry.u32(4096, 32 + 24 + 56, 0, 0).finish());
    expect(end).toBeGreaterThan(0);
    expect(dumpOf(moved).threads[0]?.stack?.bytes.length).toBe(52);
  });
});
