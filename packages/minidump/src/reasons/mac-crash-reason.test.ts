import { describe, expect, it } from "vitest";
import { synthMinidump } from "../synth/index.ts";
import { dumpOf } from "../test-support/dump-of.ts";
import { crashReason } from "./crash-reason.ts";

const AMD64 = 9;
const ARM64 = 12;
const PPC = 3;

const reason = (
  code: number,
  flags: number,
  arch = AMD64,
  parameters: readonly bigint[] = [],
  platform = 0x8101,
) =>
  crashReason(
    dumpOf(
      synthMinidump()
        .system({ arch, platform })
        .exception({ code, flags: flags >>> 0, parameters }),
    ),
  );

describe("crashReason on macOS", () => {
  it.each([
    [1, 1, AMD64, "EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"],
    [1, 50, ARM64, "EXC_BAD_ACCESS / KERN_CODESIGN_ERROR"],
    [1, 13, AMD64, "EXC_BAD_ACCESS / EXC_I386_GPFLT"],
    [1, 13, ARM64, "EXC_BAD_ACCESS / 0x0000000d"],
    [1, 0x105, ARM64, "EXC_BAD_ACCESS / EXC_ARM_PAC_FAIL"],
    [1, 0x101, PPC, "EXC_BAD_ACCESS / EXC_PPC_VM_PROT_READ"],
    [2, 1, AMD64, "EXC_BAD_INSTRUCTION / EXC_I386_INVOP"],
    [2, 1, ARM64, "EXC_BAD_INSTRUCTION / EXC_ARM_UNDEFINED"],
    [2, 6, PPC, "EXC_BAD_INSTRUCTION / EXC_PPC_PERFMON"],
    [3, 1, AMD64, "EXC_ARITHMETIC / EXC_I386_DIV"],
    [3, 6, ARM64, "EXC_ARITHMETIC / EXC_ARM_FP_ID"],
    [3, 2, PPC, "EXC_ARITHMETIC / EXC_PPC_ZERO_DIVIDE"],
    [5, 0x10002, AMD64, "EXC_SOFTWARE / SIGABRT"],
    [5, 0xdeadc0de, ARM64, "EXC_SOFTWARE / UNCAUGHT_NS_EXCEPTION"],
    [6, 2, AMD64, "EXC_BREAKPOINT / EXC_I386_BPT"],
    [6, 1, ARM64, "EXC_BREAKPOINT / EXC_ARM_BREAKPOINT"],
    [7, 3, AMD64, "EXC_SYSCALL / 0x00000003"],
    [0x43507378, 3, AMD64, "Simulated Exception"],
  ])("names exception %i with code %i on processor %i", (code, flags, arch, text) => {
    expect(reason(code, flags, arch)).toBe(text);
    expect(reason(code, flags, arch, [], 0x8102)).toBe(text);
  });

  const flavor = (value: number) => BigInt(value) << 58n;
  const RESOURCE = 11;
  it.each([
    [
      1,
      flavor(1) | (300n << 7n) | 5n,
      6n,
      "CPU / FLAVOR_CPU_MONITOR interval: 300s CPU limit: 5% CPU consumed: 6%",
    ],
    [
      2,
      flavor(1) | (300n << 20n) | 150n,
      190n,
      "WAKEUPS / FLAVOR_WAKEUPS_MONITOR interval: 300s wakeups permitted: 150 wakeups observed: 190",
    ],
    [3, flavor(1) | 2048n, 0n, "MEMORY / FLAVOR_HIGH_WATERMARK high watermark limit: 2048MiB"],
    [
      4,
      flavor(2) | (60n << 15n) | 100n,
      200n,
      "IO / FLAVOR_IO_LOGICAL_WRITES interval: 60s I/O limit: 100% I/O observed: 200%",
    ],
    [5, flavor(1) | 512n, 0n, "THREADS / FLAVOR_THREADS_HIGH_WATERMARK high watermark limit: 512"],
    [5, flavor(2) | 512n, 3n, "THREADS / 0x0800000000000200 / 0x0000000000000003"],
  ])("tells which limit of resource %i was met", (type, code, subcode, text) => {
    const told = reason(RESOURCE, type << 29, AMD64, [0n, code, subcode]);
    expect(told).toBe(`EXC_RESOURCE / RESOURCE_TYPE_${text}`);
  });

  it("gives the flags of a resource without a name", () => {
    expect(reason(RESOURCE, 7 << 29)).toBe("EXC_RESOURCE / 0xe0000000");
  });

  it.each([
    [10, 0n, "EXC_CRASH / 0x00000000"],
    [10, 6n << 24n, "EXC_CRASH / SIGABRT"],
    [10, (11n << 24n) | (1n << 20n) | 1n, "EXC_CRASH / SIGSEGV / EXC_BAD_ACCESS / KERN_INVALID_ADDRESS"],
    [10, (4n << 24n) | (2n << 20n) | 77n, "EXC_CRASH / SIGILL / EXC_BAD_INSTRUCTION / 0x0000004d"],
    [13, (6n << 32n) | 4n, "EXC_CORPSE_NOTIFY / OS_REASON_DYLD"],
    [10, (2n << 32n) | (9n << 24n), "EXC_CRASH / SIGKILL"],
  ])("tells what ended a process with exception %i and code %i", (exception, code, text) => {
    const flags = Number(code & 0xffff_ffffn);
    expect(reason(exception, flags, AMD64, [BigInt(exception), code, 0n])).toBe(text);
  });

  const GUARD = 12;
  const guarded = (value: number, target: bigint) => (BigInt(value) << 32n) | target;
  it.each([
    [0, 0n, 0n, "NONE"],
    [1, guarded(2, 7n), 0n, "MACH_PORT / GUARD_EXC_MOD_REFS port name: 7"],
    [1, guarded(0x40, 7n), 9n, "MACH_PORT / GUARD_EXC_STRICT_REPLY port name: 7 subcode: 9"],
    [1, guarded(0x41, 7n), 9n, "MACH_PORT / 0x0000004100000007 / 0x0000000000000009"],
    [2, guarded(1, 3n), 9n, "FD / GUARD_EXC_CLOSE file descriptor: 3 guard identifier: 9"],
    [3, 5n, 9n, "USER/ namespace: 5 guard identifier: 9"],
    [4, guarded(4, 3n), 9n, "VN / GUARD_EXC_UNLINK pid: 3 guard identifier: 9"],
    [5, guarded(1, 3n), 9n, "VIRT_MEMORY / GUARD_EXC_DEALLOC_GAP offset: 9"],
    [6, guarded(0, 3n), 9n, "REJECTED_SC / GUARD_EXC_MACH_TRAP syscall: 9"],
  ])("tells which guard %i was touched", (type, code, subcode, text) => {
    const told = reason(GUARD, type << 29, AMD64, [0n, code, subcode]);
    expect(told).toBe(`EXC_GUARD / GUARD_TYPE_${text}`);
  });
});
