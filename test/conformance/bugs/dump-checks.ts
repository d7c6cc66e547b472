import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Check } from "./case-folders.ts";
import { framesOf, hasFrames, hasReasons, isRefused, same, walked, walkText } from "./walked-case.ts";

/** What somebody's memory holds in the cases about sanitizing. */
const SECRET = "hunter2";

/** Beyond this a dump was read whole, kB of resident memory. */
const MOST_MEMORY_KB = 100_000;

/** Cases about what is read of dumps and how their stacks are walked. */
export const dumpChecks: Readonly<Record<string, Check>> = {
  "arm64-high-stack": hasFrames({
    "crash.dmp": [
      "context 0x401010",
      "frame_pointer 0x40200c",
      "frame_pointer 0x403010",
      "frame_pointer 0x404010",
    ],
  }),
  "arm64-odd-rules": async (one) =>
    same(
      "functions",
      (await walked(one, "crash.dmp", "sym")).threads[0]?.frames.map((frame) => frame.function),
      ["mach_msg_trap", "mach_msg", "run_loop", "start"],
    ),
  "big-dump": async (one) => {
    execFileSync("python3", ["make.py", "4500", "big.dmp"], { cwd: one.folder });
    const { code, out, err, peakKb } = await one.mayday(["stackwalk", "big.dmp"]);
    if (code !== 0) return [err.trim()];
    return [
      ...same("frames", framesOf(JSON.parse(out)).length, 3),
      ...(peakKb === undefined || peakKb < MOST_MEMORY_KB ? [] : [`it took ${peakKb} kB of memory`]),
    ];
  },
  "bitflip-near": async (one) => {
    const flips = (await walked(one, "past-end.dmp")).crash_info.possible_bit_flips ?? [];
    return flips
      .filter(({ confidence }) => confidence > 0.3)
      .map((flip) => `past-end.dmp: ${JSON.stringify(flip)}`);
  },
  "chain-end": async (one) =>
    same(
      "last module",
      (await walked(one, "crash.dmp")).threads[0]?.frames.at(-1)?.module,
      "libsystem_pthread.dylib",
    ),
  "code-id-only": hasFrames({ "crash.dmp": ["context plugin_crash"] }, "sym"),
  "handles-v2": async (one) =>
    same(
      "handles",
      (await walked(one, "crash.dmp")).handles?.map((handle) => [handle.type_name, handle.object_name]),
      [
        ["File", "\\Device\\x0"],
        ["File", "\\Device\\x1"],
        ["File", "\\Device\\x2"],
      ],
    ),
  "header-only": isRefused({
    "no-streams.dmp": "MissingThreadList",
    "zeros-behind-header.dmp": "MissingThreadList",
    "directory-cut.dmp": "4 entries at 32 of 60 bytes",
    "header-cut.dmp": "4 entries at 32 of 32 bytes",
  }),
  "ip-past-end": hasFrames({ "crash.dmp": ["context never_returns()", "cfi caller()", "cfi main"] }, "sym"),
  "list-tail": async (one) => {
    const walk = await walked(one, "crash.dmp");
    return [
      ...same("threads", walk.threads.length, 1),
      ...same("it has modules", walk.modules.length > 0, true),
      ...same("it has frames", framesOf(walk).length > 0, true),
    ];
  },
  "lone-surrogate": async (one) => {
    const walk = await walked(one, "crash.dmp", "sym");
    return [
      ...same("name", walk.modules[0]?.filename, "app.exe"),
      ...same("thread with U+FFFD", walk.threads[0]?.thread_name?.includes("\ufffd"), true),
      ...same("frames", framesOf(walk), ["context main"]),
    ];
  },
  "mac-exceptions": async (one) => {
    const reason = async (dump: string) => (await walked(one, dump)).crash_info.type ?? "";
    return [
      ...same("exc-crash.dmp", (await reason("exc-crash.dmp")).startsWith("EXC_CRASH"), true),
      ...same("brk.dmp", await reason("brk.dmp"), "EXC_BREAKPOINT / EXC_ARM_BREAKPOINT"),
      ...same(
        "bad-access-unknown.dmp",
        await reason("bad-access-unknown.dmp"),
        "EXC_BAD_ACCESS / KERN_CODESIGN_ERROR",
      ),
    ];
  },
  "module-deleted": async (one) => {
    const walk = await walked(one, "crash.dmp", "sym");
    return [
      ...same("names", [walk.modules[0]?.filename, walk.modules[0]?.debug_file], ["libxul.so", "libxul.so"]),
      ...same("frame 0", framesOf(walk)[0], "context crash_here()"),
    ];
  },
  "module-in-gap": async (one) => {
    const [first] = (await walked(one, "crash.dmp", "sym")).threads[0]?.frames ?? [];
    return same("frame 0", [first?.module, first?.function], ["linux-gate.so", "__kernel_clock_gettime"]);
  },
  "no-thread-list": async (one) => {
    const walk = await walked(one, "crash.dmp");
    return [
      // Better than was expected: the exception's own context gives the thread that crashed, and no other is made up.
      ...same("threads", walk.threads.length, 1),
      ...same("its frames", walk.threads[0]?.frames[0]?.trust, "context"),
      ...same("it has modules", walk.modules.length > 0, true),
      ...same("it has a reason", walk.crash_info.type !== null, true),
      ...same("it has an address", walk.crash_info.address !== null, true),
    ];
  },
  "non-canonical-jump": async (one) => {
    const problems: string[] = [];
    const expected = { "callmem.dmp": "e5", "jmp.dmp": "e5", "ret.dmp": "2b" };
    for (const [dump, byte] of Object.entries(expected)) {
      const adjusted = (await walked(one, dump)).crash_info.adjusted_address;
      problems.push(...same(dump, adjusted, { kind: "non-canonical", address: `0x${byte.repeat(8)}` }));
    }
    return problems;
  },
  "null-stack-rva": async (one) => {
    const frames = framesOf(await walked(one, "full.dmp"));
    const made = await one.mayday(["minidump", "sanitize", "full.dmp", "-o", "out.dmp"]);
    return [
      ...same("frames", frames.length, 3),
      ...same("third frame", frames[2], "scan 0x140003020"),
      ...same("sanitize", made.code, 0),
      ...same("frames of the sanitized dump", framesOf(await walked(one, "out.dmp")), frames),
    ];
  },
  "odd-numbers-and-names": async (one) => {
    const json = await walkText(one, "crash.dmp");
    const handles = [...json.matchAll(/"handle": (\d+)/g)].map(([, digits]) => digits);
    const text = (await one.mayday(["stackwalk", "--human", "crash.dmp"])).out;
    return [
      ...same("handles", handles, ["18446744073709551615", "18446744073709551614", "9007199254740993"]),
      ...same("control characters", /[\p{Cc}]/u.test(text.replaceAll("\n", "")), false),
      ...same("forged lines", /^Thread 9/m.test(text), false),
    ];
  },
  "oom-hostile": isRefused({ "dir.dmp": "MissingDirectory" }),
  "other-cpus": async (one) => {
    const mips = await walked(one, "mips64.dmp");
    const x86 = await walked(one, "ia32-on-arm64.dmp");
    return [
      ...same("mips64", mips.crash_info.address, "0x000000fff0123456"),
      ...same("mips64 has its first frame", framesOf(mips).length > 0, true),
      ...same("ia32-on-arm64", x86.system_info.cpu_arch, "x86"),
      ...same("ia32-on-arm64 has frames", framesOf(x86).length > 0, true),
    ];
  },
  "ppc-big-endian": async (one) => {
    const walk = await walked(one, "crash.dmp");
    return [
      ...same("frames", framesOf(walk), ["context 0x1110"]),
      ...same("name", walk.threads[0]?.thread_name, "main"),
    ];
  },
  riscv64: async (one) => {
    const walk = await walked(one, "crash.dmp");
    return [
      ...same("processor", walk.system_info.cpu_arch, "riscv64"),
      ...same("address", walk.crash_info.address, "0x0000123456789abc"),
      ...same("base", walk.modules[0]?.base_addr, "0x0000002aaaab0000"),
      ...same("it has its first frame", framesOf(walk).length > 0, true),
    ];
  },
  "sanitize-odd": async (one) => {
    const problems: string[] = [];
    for (const dump of ["cut-stack.dmp", "good.dmp", "memory-list-twice.dmp"]) {
      const { code, err } = await one.mayday(["minidump", "sanitize", dump, "-o", "out.dmp"]);
      if (code !== 0) problems.push(`${dump}: ${err.trim()}`);
      else if (readFileSync(join(one.folder, "out.dmp")).toString("latin1").includes(SECRET))
        problems.push(`${dump}: the secret is still there`);
      else problems.push(...same(dump, await walkText(one, "out.dmp"), await walkText(one, dump)));
    }
    return problems;
  },
  "segv-codes": hasReasons({
    "cperr.dmp": "SIGSEGV / SEGV_CPERR",
    "mteserr.dmp": "SIGSEGV / SEGV_MTESERR",
  }),
  "sign-extended": async (one) =>
    same("crash", Object.values((await walked(one, "crash.dmp")).crash_info).slice(0, 2), [
      "EXCEPTION_IN_PAGE_ERROR_READ / STATUS_IN_PAGE_ERROR",
      "0xc0123456",
    ]),
  "stack-overflow-guard": hasFrames({
    "crash.dmp": ["context 0x560000001010", "scan 0x56000000200f", "scan 0x56000000300f"],
  }),
  "stack-win-nowhere": async (one) => {
    const frames = framesOf(await walked(one, "crash.dmp", "sym"));
    return same("functions", frames.map((frame) => frame.split(" ")[1]).slice(0, 3), [
      "NtGetContextThread",
      "outer_two",
      "outer_three",
    ]);
  },
  "unloaded-twice": async (one) => {
    const walk = await walked(one, "crash.dmp", "sym");
    return [
      ...same("unloaded", walk.unloaded_modules.length, 3),
      ...same("frames", framesOf(walk), ["context 0x7ff800001010", "scan LdrUnload", "scan main"]),
    ];
  },
  "win-codes": hasReasons({
    "40010006-none.dmp": "DBG_PRINTEXCEPTION_C",
    "c000027b-none.dmp": "STATUS_STOWED_EXCEPTION",
    "c0000374-none.dmp": "STATUS_HEAP_CORRUPTION",
    "c0000409-65.dmp": "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_CAST_GUARD",
    "c0000409-71.dmp": "EXCEPTION_STACK_BUFFER_OVERRUN / FAST_FAIL_ASAN_ERROR",
    "c0000602-7.dmp": "STATUS_FAIL_FAST_EXCEPTION",
    "c06d007e-none.dmp": "FACILITY_VISUALCPP / ERROR_MOD_NOT_FOUND",
    "e06d7363-429065504.dmp": "Unhandled C++ Exception",
  }),
};
