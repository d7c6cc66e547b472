import { describe, expect, it } from "vitest";
import { synthContext, synthMinidump } from "../synth/index.ts";
import { byteOrders, dumpOf } from "../test-support/dump-of.ts";
import { instructionPointer, stackPointer } from "./cpu-context.ts";

const upTo = (prefix: string, last: number) => Array.from({ length: last + 1 }, (_, at) => `${prefix}${at}`);
const list = (text: string) => text.split(" ");
const riscvRegisters = list("pc ra sp gp tp t0 t1 t2 s0 s1").concat(
  upTo("a", 7),
  upTo("s", 11).slice(2),
  list("t3 t4 t5 t6"),
);
const arm64Registers = [...upTo("x", 28), "fp", "lr", "sp", "pc"];

/** What a report lists of each processor, in its order, and where instruction and stack pointer are. */
const processors = [
  [0, "x86", 4, list("eip esp ebp ebx esi edi eax ecx edx eflags"), "eip", "esp"],
  [10, "x86", 4, list("eip esp ebp ebx esi edi eax ecx edx eflags"), "eip", "esp"],
  [5, "arm", 4, [...upTo("r", 10), ...list("r12 fp sp lr pc")], "pc", "sp"],
  [12, "arm64", 8, arm64Registers, "pc", "sp"],
  [32771, "arm64", 8, arm64Registers, "pc", "sp"],
  [1, "mips", 8, [...list("gp sp fp ra pc"), ...upTo("s", 7)], "pc", "sp"],
  [13, "arm", 4, [...upTo("r", 10), ...list("r12 fp sp lr pc")], "pc", "sp"],
  [14, "x86", 4, list("eip esp ebp ebx esi edi eax ecx edx eflags"), "eip", "esp"],
  [32772, "mips64", 8, [...list("gp sp fp ra pc"), ...upTo("s", 7)], "pc", "sp"],
  [32773, "riscv", 4, riscvRegisters, "pc", "sp"],
  [32774, "riscv64", 8, riscvRegisters, "pc", "sp"],
  [
    32775,
    "loongarch64",
    8,
    [...list("pc ra tp sp"), ...upTo("a", 7), ...upTo("t", 8), ...list("u0 fp"), ...upTo("s", 8)],
    "pc",
    "sp",
  ],
  [3, "ppc", 4, ["srr0", "srr1", ...upTo("r", 31), ...list("cr xer lr ctr mq vrsave")], "srr0", "r1"],
  [32770, "ppc64", 8, ["srr0", "srr1", ...upTo("r", 31), ...list("cr xer lr ctr vrsave")], "srr0", "r1"],
  [32769, "sparc", 8, [...upTo("g_r", 31), ...list("ccr pc npc y asi fprs")], "pc", "g_r14"],
] as const;

/** Bytes of floating-point registers that a record may lack. */
const floats: Readonly<Record<string, number>> = { riscv: 132, riscv64: 264 };

describe.each(byteOrders)("contexts, %s endian", (byteOrder) => {
  for (const [arch, cpu, width, names, ip, sp] of processors) {
    it(`of ${cpu} (number ${arch}) are read, every register from its own place`, () => {
      const registers = Object.fromEntries(names.map((name, index) => [name, 0x8000_0000n + BigInt(index)]));
      const dump = dumpOf(synthMinidump({ byteOrder }).system({ arch }).thread({ registers }));
      const context = dump.threads[0]!.context!;
      expect(context).toEqual({ cpu, width, registers });
      expect(Object.keys(context.registers)).toEqual(names);
      expect(instructionPointer(context)).toBe(registers[ip]);
      expect(stackPointer(context)).toBe(registers[sp]);
    });

    it(`of ${cpu} (number ${arch}) are taken only whole and with its own flags`, () => {
      const whole = synthContext(byteOrder, arch, {});
      const contextOf = (context: Uint8Array) =>
        dumpOf(synthMinidump({ byteOrder }).system({ arch }).thread({ context })).threads[0]!.context;
      expect(contextOf(Uint8Array.of(...whole, 1, 2, 3))?.cpu).toBe(cpu);
      expect(contextOf(whole.subarray(0, -1 - (floats[cpu] ?? 0)))).toBeUndefined();
      expect(contextOf(synthContext(byteOrder, arch, {}, 0x0020_0000))).toBeUndefined();
    });
  }

  it("of other processors are not read", () => {
    const context = synthContext(byteOrder, 9, {});
    const dump = dumpOf(synthMinidump({ byteOrder }).system({ arch: 6 }).thread({ context }));
    expect(dump.threads[0]!.context).toBeUndefined();
  });
});
