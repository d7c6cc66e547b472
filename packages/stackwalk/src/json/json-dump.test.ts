import { readMinidump } from "@mayday/minidump";
import { type SynthMinidump, synthMinidump, synthStack } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import type { ModuleSymbols, SymbolsAnswer } from "../address-space/module-symbols.ts";
import { APP, appDump, CRASH, inApp, LIB, MAIN } from "../test-support/app.ts";
import { walk } from "../walk/walk.ts";
import { jsonDump } from "./json-dump.ts";

const STACK = 0x7ffe_0000n;

/** A dump's JSON, given what is known of each module by file name. */
function jsonOf(
  synth: SynthMinidump,
  answers: Readonly<Record<string, SymbolsAnswer>> = {},
  options?: Parameters<typeof jsonDump>[2],
) {
  const read = readMinidump(synth.finish());
  if (!read.ok) throw new Error(read.error.message);
  const steps = walk(read.dump);
  let step = steps.next();
  while (!step.done) step = steps.next(answers[step.value.fileName] ?? { kind: "missing", why: "test" });
  // As it is stored: what JSON cannot say must not be in it.
  return JSON.parse(JSON.stringify(jsonDump(read.dump, step.value, options)));
}

const symbols: ModuleSymbols = {
  lookup: (offset) => ({
    function: `function of ${Math.floor(offset / 0x1000)}`,
    functionStart: offset - 0x10,
    parameterSize: 0,
    file: "app.c",
    line: 12,
    inlines: [
      { function: "inner", file: "inner.h", line: 5 },
      { function: "outer", file: undefined, line: undefined },
    ],
  }),
  cfiRules: () => undefined,
  beginsCfiRange: () => false,
  windowsFrame: () => undefined,
};

const threadInCrash = {
  id: 77,
  name: "main",
  stack: synthStack(STACK).word(inApp(MAIN)).gap(1),
  registers: { rip: inApp(CRASH), rsp: STACK, rax: 0xffn },
};

function crash(): SynthMinidump {
  return appDump()
    .thread(threadInCrash)
    .exception({ code: 11, flags: 1, address: 0x20n, registers: threadInCrash.registers });
}

describe("the JSON of a walk", () => {
  it("has every field of the schema, with null for what is not known", () => {
    expect(jsonOf(synthMinidump().thread({ id: 5 }))).toEqual({
      status: "OK",
      pid: null,
      process_uptime: null,
      main_module: 0,
      modules_contains_cert_info: false,
      thread_count: 1,
      system_info: {
        os: "Linux",
        os_ver: "0.0.0",
        cpu_arch: "amd64",
        cpu_info: "family 0 model 0 stepping 0",
        cpu_count: 0,
        cpu_microcode_version: null,
      },
      crash_info: {
        type: null,
        address: null,
        adjusted_address: null,
        assertion: null,
        crash_inconsistencies: null,
        crashing_thread: null,
        instruction: null,
        instruction_pointer_update: null,
        memory_accesses: null,
        possible_bit_flips: null,
      },
      threads: [{ thread_id: 5, thread_name: null, last_error_value: null, frame_count: 0, frames: [] }],
      modules: [],
      unloaded_modules: [],
      unreadable: ["ThreadList: 1 of 1 threads have no readable context"],
      lsb_release: null,
      proc_limits: null,
      linux_memory_map_count: null,
      mac_crash_info: null,
      mac_boot_args: null,
      soft_errors: null,
      handles: null,
    });
  });

  it("has frames with module, function, place and inlined functions", () => {
    const json = jsonOf(crash(), { app: { kind: "found", symbols } });
    expect(json.threads[0]).toMatchObject({ thread_id: 77, thread_name: "main", frame_count: 2 });
    expect(json.threads[0].frames[1]).toEqual({
      frame: 1,
      trust: "scan",
      offset: "0x000000000040300f",
      module: "app",
      module_offset: "0x000000000000300f",
      function: "function of 3",
      function_offset: "0x0000000000000010",
      file: "app.c",
      line: 12,
      missing_symbols: false,
      inlines: [
        { function: "inner", file: "inner.h", line: 5 },
        { function: "outer", file: null, line: null },
      ],
      unloaded_modules: null,
    });
  });

  it("has frames without symbols, and without module", () => {
    const lib = appDump().thread({ registers: { rip: LIB + 5n } });
    expect(jsonOf(lib).threads[0].frames[0]).toMatchObject({
      module: "lib",
      module_offset: "0x0000000000000005",
      function: null,
      function_offset: null,
      file: null,
      line: null,
      missing_symbols: true,
      inlines: null,
    });
    const nowhere = appDump().thread({ registers: { rip: 5n } });
    expect(jsonOf(nowhere).threads[0].frames[0]).toMatchObject({
      offset: "0x0000000000000005",
      module: null,
      module_offset: null,
      missing_symbols: true,
    });
  });

  it("has no list of inlined functions where there are none", () => {
    const plain: ModuleSymbols = {
      ...symbols,
      lookup: (offset) => ({ ...symbols.lookup(offset)!, inlines: [] }),
    };
    const json = jsonOf(crash(), { app: { kind: "found", symbols: plain } });
    expect(json.threads[0].frames[0].inlines).toBeNull();
  });

  it("repeats the crashing thread, with the registers of its first frame", () => {
    const json = jsonOf(
      appDump().thread({ id: 1 }).thread(threadInCrash).exception({ threadId: 77, code: 11 }),
    );
    const { frames, ...thread } = json.crashing_thread;
    const { frames: ofThread, ...sameThread } = json.threads[1];
    expect(thread).toEqual({ ...sameThread, threads_index: 1 });
    expect(frames[0].registers).toMatchObject({ rip: "0x0000000000401010", rax: "0x00000000000000ff" });
    expect(Object.keys(frames[0].registers)).toHaveLength(17);
    const { registers, ...first } = frames[0];
    expect([first, ...frames.slice(1)]).toEqual(ofThread);
    expect(json.crash_info.crashing_thread).toBe(1);
  });

  it("names the crashing thread, but does not repeat it, where it has no frames", () => {
    const json = jsonOf(appDump().thread({ id: 1 }).exception({ code: 11 }));
    expect(json.crash_info.crashing_thread).toBe(0);
    expect(json).not.toHaveProperty("crashing_thread");
  });

  it("tells the crash", () => {
    expect(jsonOf(crash()).crash_info).toMatchObject({
      type: "SIGSEGV / SEGV_MAPERR",
      address: "0x0000000000000020",
    });
  });

  it("writes addresses of 32-bit processors with eight digits", () => {
    const json = jsonOf(appDump({ arch: 0 }).exception({ code: 11, address: 0x20n }).thread({ id: 1 }));
    expect(json.crash_info.address).toBe("0x00000020");
    expect(json.modules[0].base_addr).toBe("0x00400000");
  });

  it.each([
    [
      "were never asked for",
      undefined,
      { missing_symbols: false, loaded_symbols: false, corrupt_symbols: false },
    ],
    [
      "are missing",
      { kind: "missing", why: "" },
      { missing_symbols: true, loaded_symbols: false, corrupt_symbols: false },
    ],
    [
      "are malformed",
      { kind: "malformed", why: "" },
      { missing_symbols: false, loaded_symbols: true, corrupt_symbols: true },
    ],
    [
      "were found",
      { kind: "found", symbols },
      { missing_symbols: false, loaded_symbols: true, corrupt_symbols: false, symbol_url: null },
    ],
    [
      "came from a server",
      { kind: "found", symbols, url: "http://x" },
      { loaded_symbols: true, symbol_url: "http://x" },
    ],
  ] as const)("tells of modules whose symbols %s", (_, answer, expected) => {
    const json = jsonOf(
      answer === undefined ? appDump() : crash(),
      answer === undefined ? {} : { app: answer },
    );
    expect(json.modules[0]).toMatchObject({
      base_addr: "0x0000000000400000",
      end_addr: "0x0000000000410000",
      filename: "app",
      debug_file: "app",
      debug_id: "ABABABABABABABABABABABABABABABAB0",
      code_id: "ab".repeat(20),
      cert_subject: null,
      symbol_url: null,
      ...expected,
    });
  });

  it("has the debug file and id that a server knew of a module whose code alone the dump names", () => {
    const debugInfo = { debugFile: "app.pdb", debugId: "CD".repeat(16) };
    const json = jsonOf(crash(), { app: { kind: "found", symbols, debugInfo } });
    expect(json.modules[0]).toMatchObject({ debug_file: "app.pdb", debug_id: "CD".repeat(16) });
  });

  it("writes a missing debug id as zeros", () => {
    const json = jsonOf(synthMinidump().module({ base: APP, size: 1, name: "x" }));
    expect(json.modules[0]).toMatchObject({ debug_id: "0".repeat(33), code_id: "", debug_file: "" });
  });

  it("tells which unloaded modules had been where a frame is", () => {
    const gone = (base: bigint, name: string) => ({ base, size: 0x1000, name, timestamp: 0x5ed43991 });
    const json = jsonOf(
      appDump()
        .unloadedModule(gone(0x60_0000n, "C:\\b.dll"))
        .unloadedModule(gone(0x60_0800n, "C:\\b.dll"))
        .unloadedModule(gone(0x60_0800n, "C:\\b.dll"))
        .unloadedModule(gone(0x60_0000n, "a.dll"))
        .unloadedModule(gone(APP, "under.dll"))
        .thread({ registers: { rip: 0x60_0900n } })
        .thread({ registers: { rip: inApp(CRASH) } }),
    );
    expect(json.threads[0].frames[0].unloaded_modules).toEqual([
      { module: "C:\\b.dll", offsets: ["0x0000000000000100", "0x0000000000000900"] },
      { module: "a.dll", offsets: ["0x0000000000000900"] },
    ]);
    expect(json.threads[1].frames[0].unloaded_modules).toBeNull();
    expect(json.unloaded_modules[0]).toEqual({
      base_addr: "0x0000000000600000",
      end_addr: "0x0000000000601000",
      filename: "C:\\b.dll",
      code_id: "5ed439911000",
      cert_subject: null,
    });
  });

  it("tells of process and machine", () => {
    const synth = synthMinidump({ timestamp: 1_000_100 })
      .linux({
        uname: "Linux 6.1.0-30-amd64 #1 SMP x86_64",
        cpuCount: 8,
        cpuInfo: "microcode\t: 0x1000065\n",
        lsbRelease: 'ID=debian\nPRETTY_NAME="Debian"\n',
        maps: "1000-2000 r-xp 00000000 fe:01 12 /usr/bin/app\n",
        limits: "Max open files            1024                 unlimited            files     \n",
      })
      .miscInfo({ pid: 12, times: [1_000_000, 0, 0] })
      .handles([
        { handle: 3n, typeName: "File", objectName: "/tmp" },
        { handle: 4n },
        { handle: (1n << 64n) - 1n },
      ])
      .softErrors('{"a":[1]}');
    expect(jsonOf(synth, {}, { microcode: "0x2" })).toMatchObject({
      pid: 12,
      process_uptime: 100,
      system_info: { os_ver: "6.1.0-30-amd64 #1 SMP", cpu_count: 8, cpu_microcode_version: "0x1000065" },
      lsb_release: { id: "debian", description: "Debian" },
      linux_memory_map_count: 1,
      proc_limits: { limits: [{ name: "Max open files", soft: 1024, hard: "unlimited", unit: "files" }] },
      handles: [
        { handle: 3, type_name: "File", object_name: "/tmp" },
        { handle: 4, type_name: null, object_name: null },
        { handle: "18446744073709551615", type_name: null, object_name: null },
      ],
      soft_errors: { a: [1] },
    });
  });

  it("takes the process id of /proc and the microcode of the annotations where the dump names none", () => {
    const json = jsonOf(synthMinidump().linux({ procStatus: "Pid:\t34\n" }), {}, { microcode: "0x2" });
    expect(json.pid).toBe(34);
    expect(json.system_info.cpu_microcode_version).toBe("0x2");
    expect(jsonOf(synthMinidump().linux({ procStatus: "Pid:\tx\n" })).pid).toBeNull();
  });

  it("has a process that cannot have started after its crash", () => {
    const json = jsonOf(synthMinidump({ timestamp: 10 }).miscInfo({ times: [20, 0, 0] }));
    expect(json.process_uptime).toBe(0);
  });
});
