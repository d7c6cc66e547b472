import { readMinidump } from "@mayday/minidump";
import { type SynthException, type SynthMinidump, synthMinidump } from "@mayday/minidump/synth";
import { describe, expect, it } from "vitest";
import { allImprovements, noImprovements } from "../walk/walk-improvements.ts";
import { analyzeCrash, type CrashAnalysis } from "./crash-analysis.ts";

const CODE = 0x40_0000n;
const STACK = 0x7000n;
const WINDOWS = 2;
const MAC = 0x8101;
const LINUX = 0x8201;

interface Crash extends Partial<SynthException> {
  readonly platform?: number;
  /** Bytes of the crashing instruction, hex. */
  readonly instruction?: string;
  readonly registers?: Readonly<Record<string, bigint>>;
}

function dumpOf({
  platform = LINUX,
  instruction = "90",
  registers = {},
  ...exception
}: Crash): SynthMinidump {
  const all = { rip: CODE, rsp: STACK, ...registers };
  return synthMinidump()
    .system({ platform })
    .thread({ id: 1, registers: all, stack: { base: STACK, bytes: new Uint8Array(64).fill(0x22) } })
    .memory({ base: CODE, bytes: Buffer.from(instruction.padEnd(32, "90"), "hex") })
    .exception({ code: 11, flags: 1, registers: all, ...exception });
}

function analyzed(crash: Crash | SynthMinidump, improved = false): CrashAnalysis {
  const synth = "finish" in crash ? crash : dumpOf(crash);
  const read = readMinidump(synth.finish());
  if (!read.ok) throw new Error(read.error.message);
  return analyzeCrash(read.dump, improved ? allImprovements : noImprovements)!;
}

describe("the crashing instruction", () => {
  it.each([
    ["48 8b 44 8b 10", "mov rax, qword [rbx + rcx * 4 + 0x10]", [["read", 0x2050n, 8]]],
    ["88 01", "mov byte [rcx], al", [["write", 0x10n, 1]]],
    ["48 01 08", "add qword [rax], rcx", [["readwrite", 0x1000n, 8]]],
    [
      "ff 10",
      "call qword [rax]",
      [
        ["read", 0x1000n, 8],
        ["write", STACK - 8n, 8],
      ],
    ],
    ["58", "pop rax", [["read", STACK, 8]]],
    ["48 8d 03", "lea rax, qword [rbx]", []],
    ["0f 28 03", "movaps xmm0, xmmword [rbx]", [["read", 0x2000n, 16]]],
    ["f3 48 ab", "rep stos qword es:[rdi], rax", [[undefined, 0n, 8]]],
    ["f0 48 0f b1 0b", "lock cmpxchg qword [rbx], rcx", [[undefined, 0x2000n, 8]]],
    ["83 c0 ff", "add eax, -0x1", []],
    ["75 fe", "jnz $-0x2", []],
    ["0f 0b", "ud2", []],
    ["c7 04 25 00 00 00 00 ff 00 00 00", "mov dword [0x0], 0xff", [["write", 0n, 4]]],
    ["dd 03", "fld st(0), qword [rbx]", [[undefined, 0x2000n, 8]]],
  ] as const)("%s is %s", (bytes, text, accesses) => {
    const registers = { rax: 0x1000n, rbx: 0x2000n, rcx: 0x10n };
    const analysis = analyzed({ instruction: bytes.replaceAll(" ", ""), registers });
    expect(analysis.instruction).toBe(text);
    expect(analysis.memoryAccesses?.map(({ type, address, size }) => [type, address, size])).toEqual(
      accesses,
    );
  });

  it("has no accesses where a register of its address is not among those of the dump", () => {
    expect(analyzed({ instruction: "678b03" })).toMatchObject({
      instruction: "mov eax, dword [ebx]",
      memoryAccesses: undefined,
    });
  });

  it("is not known where the dump has none of its bytes, half of it, or another processor's registers", () => {
    const nowhere = { rip: 0x99_0000n, rsp: STACK };
    expect(analyzed({ registers: nowhere }).instruction).toBeUndefined();
    const half = dumpOf({ registers: nowhere }).memory({
      base: nowhere.rip,
      bytes: Uint8Array.of(0x48, 0x8b),
    });
    expect(analyzed(half).instruction).toBeUndefined();
    expect(analyzed({ instruction: "06" }).instruction).toBeUndefined();
    const arm = synthMinidump().system({ arch: 12 }).thread({ registers: {} }).exception({ code: 11 });
    expect(analyzed(arm)).toEqual({
      instruction: undefined,
      memoryAccesses: undefined,
      jump: undefined,
      adjustedAddress: undefined,
      possibleBitFlips: [],
      inconsistencies: [],
    });
  });

  it("addresses what is relative to it from its end; in the peer's analysis from its start", () => {
    const relative = { instruction: "488b0500100000" };
    expect(analyzed(relative, true).memoryAccesses?.[0]?.address).toBe(CODE + 0x1007n);
    expect(analyzed(relative, false).memoryAccesses?.[0]?.address).toBe(CODE + 0x1000n);
  });

  it("jumps where its register, the memory it reads, or the stack says", () => {
    expect(analyzed({ instruction: "ffe0", registers: { rax: 0x1234n } }).jump).toMatchObject({
      address: 0x1234n,
    });
    expect(analyzed({ instruction: "c3" }).jump).toMatchObject({ address: 0x2222_2222_2222_2222n });
    const pointer = { base: 0x5000n, bytes: Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 0) };
    const throughMemory = dumpOf({ instruction: "ff20", registers: { rax: 0x5000n } }).memory(pointer);
    expect(analyzed(throughMemory).jump).toMatchObject({ address: 0x07_0605_0403_0201n });
    expect(analyzed({ instruction: "eb05" }).jump).toEqual({ kind: "unknown" });
    expect(analyzed({ instruction: "488b03" }).jump).toEqual({ kind: "none" });
  });
});

describe("the adjusted address", () => {
  it("is the distance from a null pointer that the instruction went through", () => {
    const crash = { instruction: "8b4310", registers: { rbx: 0n }, address: 0x10n };
    expect(analyzed(crash).adjustedAddress).toEqual({ kind: "null-pointer", offset: 0x10n });
  });

  it.each([
    ["Windows", { platform: WINDOWS, code: 0xc000_0005, parameters: [0n, 2n ** 64n - 1n] }],
    ["macOS", { platform: MAC, code: 1, flags: 13, address: 0n }],
    ["Linux", { code: 11, flags: 0x80, address: 0n }],
    ["Linux, by SIGBUS", { code: 7, flags: 0x80, address: 0n }],
  ])("is the one that the processor refused, of which %s does not tell", (_, system) => {
    const crash = { instruction: "488b03", registers: { rbx: 0x8000_0000_0000n }, ...system };
    expect(analyzed(crash).adjustedAddress).toEqual({ kind: "non-canonical", address: 0x8000_0000_0000n });
  });

  it("is none where the system told the right one", () => {
    const crash = {
      instruction: "488b03",
      registers: { rbx: 0x8000_0000_0000n },
      address: 0x8000_0000_0000n,
    };
    expect(analyzed(crash).adjustedAddress).toBeUndefined();
  });
});

describe("a likely guard page", () => {
  const page = (base: bigint, size: bigint, protection: number) => ({
    base,
    size,
    state: 0x1000,
    protection,
  });
  const at = (...regions: Parameters<SynthMinidump["memoryInfo"]>[0]) =>
    analyzed(dumpOf({ instruction: "488b03", registers: { rbx: 0x1_0010n } }).memoryInfo(regions))
      .memoryAccesses?.[0]?.isLikelyGuardPage;

  it("is small, without access, and beside memory that has some", () => {
    expect(at(page(0x1_0000n, 0x1000n, 1), page(0x1_1000n, 0x1000n, 4))).toBe(true);
    expect(at(page(0x0_f000n, 0x1000n, 4), page(0x1_0000n, 0x1000n, 1))).toBe(true);
  });

  it("is not large, accessible, or alone", () => {
    expect(at(page(0x1_0000n, 0x8001n, 1), page(0x1_8001n, 0x1000n, 4))).toBe(false);
    expect(at(page(0x1_0000n, 0x1000n, 2), page(0x1_1000n, 0x1000n, 4))).toBe(false);
    expect(at(page(0x1_0000n, 0x1000n, 1), page(0x1_2000n, 0x1000n, 4))).toBe(false);
    expect(at()).toBe(false);
  });
});

describe("possible bit flips", () => {
  const mapped = { base: 0x1_0000_0000n, size: 0x1000n, state: 0x1000, protection: 4 };
  const wrong = mapped.base | (1n << 40n) | 8n;

  it("lead from an address that is not mapped to one that is", () => {
    const crash = { instruction: "488b03", registers: { rbx: wrong }, address: wrong };
    const { possibleBitFlips } = analyzed(dumpOf(crash).memoryInfo([mapped]));
    expect(possibleBitFlips.map(({ address, sourceRegister }) => [address, sourceRegister])).toEqual([
      [mapped.base | 8n, undefined],
      [mapped.base | 8n, "rbx"],
    ]);
    expect(possibleBitFlips[0]).toMatchObject({
      confidence: 0.25,
      details: {
        wasNonCanonical: false,
        isNull: false,
        wasLow: false,
        nearbyRegisters: 0,
        poisonRegisters: false,
      },
    });
  });

  it("are hardly likely for an address some bytes behind a buffer, which was overrun", () => {
    const behind = mapped.base + mapped.size + 8n;
    const other = { ...mapped, base: mapped.base + 0x2000n };
    const crash = { instruction: "488b03", registers: { rbx: behind }, address: behind };
    const { possibleBitFlips } = analyzed(dumpOf(crash).memoryInfo([mapped, other]), true);
    for (const { confidence } of possibleBitFlips) expect(confidence).toBeLessThan(0.01);
  });

  it("are the more likely when other registers are near, and less when one holds poison", () => {
    const near = { rcx: mapped.base, rdx: mapped.base };
    const crash = (others: Record<string, bigint>) => ({
      instruction: "488b03",
      registers: { rbx: wrong, ...others },
      address: wrong,
    });
    const confidence = (others: Record<string, bigint>) =>
      analyzed(dumpOf(crash(others)).memoryInfo([mapped])).possibleBitFlips[0]!.confidence;
    expect(confidence(near)).toBeCloseTo(1 - 0.75 * 0.45, 6);
    expect(confidence({ ...near, rsi: 0xe5e5_e5e5_e5e5_e5e5n })).toBeCloseTo((1 - 0.75 * 0.45) / 2, 6);
  });

  it("may lead to null, of which small numbers are no sign", () => {
    const crash = (address: bigint) => ({ instruction: "90", address });
    expect(analyzed(crash(1n << 30n)).possibleBitFlips[0]).toMatchObject({ address: 0n, confidence: 0.625 });
    expect(analyzed(crash(16n)).possibleBitFlips[0]).toMatchObject({ address: 0n, confidence: 0.4375 });
  });

  it("are none on ARM64, on 32-bit processors, of null pointers, and of a step too far", () => {
    const arm = synthMinidump()
      .system({ arch: 12 })
      .thread({})
      .exception({ code: 11, address: 1n << 30n });
    expect(analyzed(arm).possibleBitFlips).toEqual([]);
    const x86 = synthMinidump()
      .system({ arch: 0 })
      .thread({})
      .exception({ code: 11, address: 1n << 30n });
    expect(analyzed(x86).possibleBitFlips).toEqual([]);
    expect(analyzed({ instruction: "488b03", address: 0n }).possibleBitFlips).toEqual([]);
    const behind = mapped.base + mapped.size;
    const stepTooFar = { instruction: "488b03", registers: { rbx: behind }, address: behind };
    expect(analyzed(dumpOf(stepTooFar).memoryInfo([mapped])).possibleBitFlips).toEqual([]);
  });
});

describe("inconsistencies", () => {
  const violation = (access: bigint, address: bigint) => ({
    platform: WINDOWS,
    code: 0xc000_0005,
    parameters: [access, address],
  });
  const readsRbx = { instruction: "488b03", registers: { rbx: 0x5000n } };

  it.each([
    ["a division by zero that divides", { code: 8, flags: 1, instruction: "48f7f9" }, []],
    ["a division by zero that does not", { code: 8, flags: 1 }, ["int_div_by_zero_not_possible"]],
    [
      "a division by zero on macOS that does not",
      { platform: MAC, code: 3, flags: 1 },
      ["int_div_by_zero_not_possible"],
    ],
    [
      "a privileged instruction that is none",
      { platform: WINDOWS, code: 0xc000_0096 },
      ["priv_instruction_crash_without_priv_instruction"],
    ],
    ["a privileged instruction", { platform: WINDOWS, code: 0xc000_0096, instruction: "f4" }, []],
    ["a read that the instruction does", { ...readsRbx, ...violation(0n, 0x5007n) }, []],
    [
      "a read elsewhere",
      { ...readsRbx, ...violation(0n, 0x5008n) },
      ["crashing_access_not_found_in_memory_accesses"],
    ],
    [
      "a write where it reads",
      { ...readsRbx, ...violation(1n, 0x5000n) },
      ["crashing_access_not_found_in_memory_accesses"],
    ],
    ["execution elsewhere", { ...violation(8n, 0x5000n) }, ["crashing_access_not_found_in_memory_accesses"]],
    [
      "a refused address that is none",
      { ...readsRbx, ...violation(0n, 2n ** 64n - 1n) },
      ["non_canonical_address_falsely_reported"],
    ],
    [
      "a stack overflow without any access",
      { platform: WINDOWS, code: 0xc000_00fd, instruction: "488d03" },
      ["crashing_access_not_found_in_memory_accesses"],
    ],
    ["an instruction whose accesses are not sure", { ...violation(0n, 1n), instruction: "f30f1003" }, []],
  ])("of %s", (_, crash, expected) => {
    expect(analyzed(crash).inconsistencies).toEqual(expected);
  });

  it("tell of a violation where the access is allowed", () => {
    const dump = dumpOf({ ...readsRbx, ...violation(0n, 0x5000n) }).memoryInfo([
      { base: 0x5000n, size: 0x1000n, state: 0x1000, protection: 2 },
    ]);
    expect(analyzed(dump).inconsistencies).toEqual(["access_violation_when_access_allowed"]);
  });
});
