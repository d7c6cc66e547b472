import { readMinidump } from "@mayday/minidump";
import { SynthBytes, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { APP, appDump, appSymbols, CALLER, CRASH, crashed, inApp, LIB, MAIN } from "../test-support/app.ts";
import { framesOf, symbolsOf, walked, walkedAsking } from "../test-support/walked.ts";
import { walk, walkWith } from "./walk.ts";

const STACK = 0x7ffe_0000n;
const here = { rip: inApp(CRASH), rsp: STACK };
const calledByMain = () => synthStack(STACK).word(inApp(MAIN)).gap(1);

describe("a walk", () => {
  it("walks every thread, in the order of the dump", () => {
    const dump = appDump()
      .thread({ stack: calledByMain(), registers: here })
      .thread({ stack: synthStack(STACK).gap(1), registers: { ...here, rip: LIB } });
    const walk = walked(dump, appSymbols());
    expect(walk.threads.map(({ state }) => state)).toEqual(["ok", "ok"]);
    expect(framesOf(walk, 0)).toEqual(["context app!crash", "scan app!main"]);
    expect(framesOf(walk, 1)).toEqual(["context lib!"]);
  });

  it("leaves out the thread that wrote the dump", () => {
    const dump = appDump()
      .breakpadInfo({ dumpThreadId: 1 })
      .thread({ stack: calledByMain(), registers: here })
      .thread({ stack: calledByMain(), registers: here });
    const { threads } = walked(dump, appSymbols());
    expect(threads[0]).toEqual({ state: "dump_thread", frames: [], gap: undefined, context: undefined });
    expect(threads[1]!.frames).toHaveLength(2);
  });

  it("begins the crashing thread where the exception was, the others where they are", () => {
    const dump = appDump()
      .thread({ id: 7, stack: calledByMain(), registers: { ...here, rip: LIB } })
      .thread({ id: 8, stack: calledByMain(), registers: { ...here, rip: LIB } })
      .exception({ threadId: 8, code: 11, registers: here });
    const walk = walked(dump, appSymbols());
    expect(walk.crashingThread).toBe(1);
    expect([framesOf(walk, 0)[0], framesOf(walk, 1)[0]]).toEqual(["context lib!", "context app!crash"]);
    expect(walk.threads[1]!.context?.registers["rip"]).toBe(inApp(CRASH));
  });

  it("walks the crashing thread from its exception where the list of threads is damaged or cut", () => {
    const { bytes } = calledByMain().finish("little");
    const dump = () =>
      appDump()
        .thread({ id: 7, registers: here })
        .thread({ id: 8, stack: calledByMain(), registers: { ...here, rip: LIB } })
        .memory({ base: STACK, bytes })
        .exception({ threadId: 8, code: 11, registers: here });
    const cut = new SynthBytes("little").u32(2, 7).zeros(44).u32(8).finish();
    for (const broken of [dump().stream(3, new Uint8Array(2)), dump().stream(3, cut)]) {
      const walk = walked(broken, appSymbols());
      const index = walk.crashingThread!;
      expect(index).toBe(walk.threads.length - 1);
      expect(framesOf(walk, index)).toEqual(["context app!crash", "scan app!main"]);
    }
    expect(walked(dump().without(3), appSymbols()).threads).toEqual([]);
    // A list that is whole is believed: the thread had ended.
    expect(
      walked(appDump().thread({ id: 7 }).exception({ threadId: 8, code: 11, registers: here })).threads,
    ).toHaveLength(1);
  });

  it("begins the crashing thread where it is when the exception has no registers", () => {
    const dump = appDump().thread({ stack: calledByMain(), registers: here }).exception({ code: 11 });
    expect(framesOf(walked(dump, appSymbols()))[0]).toBe("context app!crash");
  });

  it("knows the thread that asked for the dump, without a crash", () => {
    const dump = appDump()
      .thread({ id: 7, registers: here })
      .thread({ id: 8, registers: here })
      .breakpadInfo({ requestingThreadId: 8 });
    expect(walked(dump).crashingThread).toBe(1);
    expect(walked(appDump().thread({ registers: here })).crashingThread).toBeUndefined();
  });

  it("has no frames for a thread without registers", () => {
    const { threads } = walked(appDump().thread({ stack: calledByMain() }));
    expect(threads).toEqual([{ state: "missing_context", frames: [], gap: undefined, context: undefined }]);
  });

  it("has the first frame alone for a thread without stack memory", () => {
    const walk = walked(appDump().thread({ registers: here }), appSymbols());
    expect(walk.threads[0]!.state).toBe("missing_memory");
    expect(framesOf(walk)).toEqual(["context app!crash"]);
  });

  it("finds the stack where rsp is, when the thread runs on another one", () => {
    const elsewhere = 0x1234_0000n;
    const dump = appDump()
      .memory(synthStack(elsewhere).word(inApp(CALLER)).gap(1).finish("little"))
      .thread({ stack: calledByMain(), registers: { ...here, rsp: elsewhere } });
    expect(framesOf(walked(dump, appSymbols()))).toEqual(["context app!crash", "scan app!caller"]);
  });
});

describe("a stack ends", () => {
  const rules = (ra: string) => appSymbols({ crash: `.cfa: $rsp 8 + .ra: ${ra}` });

  it("at a return address in the first page, where no code is", () => {
    const stack = () => synthStack(STACK).gap(2);
    expect(framesOf(walked(crashed(stack()), rules("4095")))).toHaveLength(1);
    expect(framesOf(walked(crashed(stack()), rules("4096")))).toEqual(["context app!crash", "cfi 0xfff"]);
  });

  it.each(["$rsp", "$rsp 8 -", "0"])("where the stack pointer does not grow: %s", (cfa) => {
    const symbols = appSymbols({ crash: `.cfa: ${cfa} .ra: ${inApp(MAIN)}` });
    expect(framesOf(walked(crashed(calledByMain()), symbols))).toEqual(["context app!crash"]);
  });

  it("where nothing points on", () => {
    expect(framesOf(walked(crashed(synthStack(STACK).gap(300)), appSymbols()))).toEqual([
      "context app!crash",
    ]);
  });

  it("after 20,000 frames of rules that go on for ever on a small stack", () => {
    const symbols = appSymbols({ crash: `.cfa: $rsp 1 + .ra: ${inApp(CRASH)}` });
    const frames = framesOf(walked(crashed(synthStack(STACK).gap(1)), symbols));
    expect(frames).toHaveLength(20_000);
    expect(frames.at(-1)).toBe("cfi app!crash");
  });

  it("at the outermost frame of a runaway recursion, of which both ends are kept", () => {
    const depth = 100_000;
    const stack = {
      base: STACK,
      bytes: new Uint8Array(new BigUint64Array(depth).fill(inApp(CRASH)).buffer),
    };
    const symbols = appSymbols({ crash: ".cfa: $rsp 8 + .ra: .cfa -8 + ^" });
    const dump = appDump().thread({ stack, registers: here });
    const [thread] = walked(dump, symbols).threads;
    expect(thread!.frames).toHaveLength(20_000);
    expect(thread!.gap).toEqual({ after: 10_000, omitted: depth + 1 - 20_000 });
    const sp = thread!.frames.map(({ registers }) => registers["rsp"]);
    expect([sp[0], sp[9_999], sp[10_000], sp.at(-1)]).toEqual([
      STACK,
      STACK + 8n * 9_999n,
      STACK + 8n * BigInt(depth - 9_999),
      STACK + 8n * BigInt(depth),
    ]);
  });

  it("after its first frame when the threads before it had 250,000 in all", () => {
    const symbols = appSymbols({ crash: `.cfa: $rsp 1 + .ra: ${inApp(CRASH)}` });
    const dump = appDump();
    for (let i = 0; i < 15; i++) dump.thread({ stack: synthStack(STACK).gap(1), registers: here });
    const lengths = walked(dump, symbols).threads.map(({ frames }) => frames.length);
    expect(lengths).toEqual([...Array(12).fill(20_000), 10_000, 1, 1]);
  });
});

describe("symbols", () => {
  it("are asked for once a module, and only for modules that are met", () => {
    const stack = () =>
      synthStack(STACK)
        .word(LIB + 8n, inApp(CALLER), LIB + 16n, inApp(MAIN))
        .gap(1);
    const dump = appDump()
      .module({ base: 0x90_0000n, size: 0x1000, name: "never met" })
      .thread({ stack: stack(), registers: here })
      .thread({ stack: stack(), registers: here });
    const { walk, asked } = walkedAsking(dump, appSymbols());
    expect(asked).toEqual(["app", "lib"]);
    expect([...walk.symbols].map(([module, answer]) => [module.fileName, answer.kind])).toEqual([
      ["app", "found"],
      ["lib", "missing"],
    ]);
  });

  it("that are malformed count as none", async () => {
    const read = readMinidump(crashed(calledByMain()).finish());
    if (!read.ok) throw new Error(read.error.message);
    const walkOf = await walkWith(walk(read.dump), async () => ({ kind: "malformed", why: "test" }));
    expect(framesOf(walkOf)).toEqual(["context app!", "scan app!"]);
  });

  it("may take their time", async () => {
    const read = readMinidump(crashed(calledByMain()).finish());
    if (!read.ok) throw new Error(read.error.message);
    const symbols = symbolsOf({ at: CRASH, name: "crash" }, { at: MAIN, name: "main" });
    const walkOf = await walkWith(walk(read.dump), async () => {
      await new Promise((done) => setTimeout(done, 5));
      return { kind: "found", symbols };
    });
    expect(framesOf(walkOf)).toEqual(["context app!crash", "scan app!main"]);
  });

  it("that fail to be fetched fail the walk", async () => {
    const read = readMinidump(crashed(calledByMain()).finish());
    if (!read.ok) throw new Error(read.error.message);
    await expect(walkWith(walk(read.dump), () => Promise.reject(new Error("down")))).rejects.toThrow("down");
  });

  it("name the function of a frame by its call, not by what stands behind it", () => {
    const stack = synthStack(STACK)
      .word(APP + BigInt(MAIN))
      .gap(1);
    const symbols = { app: symbolsOf({ at: CRASH, name: "crash" }, { at: MAIN - 0x100, name: "caller" }) };
    expect(framesOf(walked(crashed(stack), symbols))).toEqual(["context app!crash", "scan app!caller"]);
  });
});
