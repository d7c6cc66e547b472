import { SynthBytes } from "./synth-bytes.ts";

const list = (text: string) => text.split(" ");
const upTo = (prefix: string, last: number) => Array.from({ length: last + 1 }, (_, at) => `${prefix}${at}`);

/** Writes a record with the values of registers by name. */
type WriteContext = (bytes: SynthBytes, value: (name: string) => bigint, flags: number | undefined) => void;

interface Processor {
  readonly registers: readonly string[];
  readonly write: WriteContext;
}

const small = (value: bigint) => Number(BigInt.asUintN(32, value));

/** The integer registers of AMD64 in the order of its CONTEXT. */
const amd64Order = list("rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip");

const amd64: Processor = {
  registers: amd64Order,
  write(bytes, value, flags = 0x10000b) {
    bytes.u64(0n, 0n, 0n, 0n, 0n, 0n); // home space for arguments
    bytes.u32(flags, 8064); // and MXCSR
    for (const segment of [51, 43, 43, 83, 43, 43]) bytes.u16(segment);
    bytes.u32(582); // EFLAGS
    bytes.u64(0n, 0n, 0n, 0n, 0n, 0n); // debug registers
    for (const name of amd64Order) bytes.u64(value(name));
    bytes.zeros(512 + 26 * 16 + 6 * 8); // FXSAVE area, vector registers, debug control
  },
};

const x86: Processor = {
  registers: list("edi esi ebx edx ecx eax ebp eip eflags esp"),
  write(bytes, value, flags = 0x10007) {
    const word = (name: string) => small(value(name));
    bytes.u32(flags, 0, 0, 0, 0, 0, 0); // and debug registers
    bytes.zeros(112); // floating point
    bytes.u32(0, 0, 0, 0); // segments
    bytes.u32(word("edi"), word("esi"), word("ebx"), word("edx"), word("ecx"), word("eax"));
    bytes.u32(word("ebp"), word("eip"), 35, word("eflags"), word("esp"), 43); // with cs and ss
    bytes.zeros(512); // FXSAVE
  },
};

const arm: Processor = {
  registers: [...upTo("r", 10), ...list("fp r12 sp lr pc")],
  write(bytes, value, flags = 0x40000006) {
    bytes.u32(flags);
    for (const name of arm.registers) bytes.u32(small(value(name)));
    bytes.u32(0); // CPSR
    bytes.u64(0n).zeros(32 * 8 + 8 * 4); // floating point
  },
};

const arm64Order = [...upTo("x", 28), ...list("fp lr sp pc")];

/** As Windows and Crashpad write it. */
const arm64: Processor = {
  registers: arm64Order,
  write(bytes, value, flags = 0x400003) {
    bytes.u32(flags, 0); // and CPSR
    for (const name of arm64Order) bytes.u64(value(name));
    bytes
      .zeros(32 * 16)
      .u32(0, 0)
      .zeros(120); // vector registers, their control, breakpoints and watchpoints
  },
};

/** As Breakpad wrote it. */
const oldArm64: Processor = {
  registers: arm64Order,
  write(bytes, value, flags = 0x80000006) {
    bytes.u64(BigInt(flags));
    for (const name of arm64Order) bytes.u64(value(name));
    bytes.u32(0, 0, 0).zeros(32 * 16);
  },
};

const mips: Processor = {
  registers: [...upTo("s", 7), ...list("gp sp fp ra pc")],
  write(bytes, value, flags = 0x40007) {
    bytes.u32(flags, 0).zeros(16 * 8);
    for (const name of upTo("s", 7)) bytes.u64(value(name));
    bytes.zeros(4 * 8).u64(value("gp"), value("sp"), value("fp"), value("ra"));
    bytes.zeros(2 * 8 + 6 * 4 + 8).u64(value("pc"), 0n);
    bytes.u32(0, 0).zeros(32 * 8 + 8);
  },
};

const mips64: Processor = {
  registers: mips.registers,
  write: (bytes, value, flags = 0x80007) => mips.write(bytes, value, flags),
};

const riscvOrder = [
  ...list("pc ra sp gp tp t0 t1 t2 s0 s1"),
  ...upTo("a", 7),
  ...upTo("s", 11).slice(2),
  ...list("t3 t4 t5 t6"),
];

const riscv: Processor = {
  registers: riscvOrder,
  write(bytes, value, flags = 0x800003) {
    bytes.u32(flags, 1);
    for (const name of riscvOrder) bytes.u32(small(value(name)));
    bytes.zeros(32 * 4 + 4); // floating point
  },
};

const riscv64: Processor = {
  registers: riscvOrder,
  write(bytes, value, flags = 0x8000003) {
    bytes.u32(flags, 1);
    for (const name of riscvOrder) bytes.u64(value(name));
    bytes.zeros(32 * 8 + 8); // floating point
  },
};

const loongarchOrder = [
  ...list("zero ra tp sp"),
  ...upTo("a", 7),
  ...upTo("t", 8),
  ...list("u0 fp"),
  ...upTo("s", 8),
];

const loongarch64: Processor = {
  registers: ["pc", ...loongarchOrder.slice(1)],
  write(bytes, value, flags = 0x800007) {
    bytes.u32(flags, 0);
    for (const name of loongarchOrder) bytes.u64(value(name));
    bytes.u64(value("pc"));
    bytes.zeros(32 * 8 + 8 + 4 + 4); // floating point
  },
};

const ppcVectors = 32 * 16 + 16 + 4 * 4 + 4 + 7 * 4;

const ppc: Processor = {
  registers: [...list("srr0 srr1"), ...upTo("r", 31), ...list("cr xer lr ctr mq vrsave")],
  write(bytes, value, flags = 0x20000001) {
    bytes.u32(flags);
    for (const name of ppc.registers) bytes.u32(small(value(name)));
    bytes.zeros(32 * 8 + 8 + ppcVectors);
  },
};

const ppc64: Processor = {
  registers: [...list("srr0 srr1"), ...upTo("r", 31), ...list("cr xer lr ctr vrsave")],
  write(bytes, value, flags = 0x1000001) {
    bytes.u64(BigInt(flags));
    for (const name of ppc64.registers) bytes.u64(value(name));
    bytes.zeros(32 * 8 + 8 + ppcVectors);
  },
};

const sparc: Processor = {
  registers: [...upTo("g_r", 31), ...list("ccr pc npc y asi fprs")],
  write(bytes, value, flags = 0x10000001) {
    bytes.u32(flags, 0);
    for (const name of sparc.registers) bytes.u64(value(name));
    bytes.zeros(34 * 8);
  },
};

/** By the processor number of SystemInfo. */
const processors: Readonly<Record<number, Processor>> = {
  0: x86,
  1: mips,
  3: ppc,
  5: arm,
  9: amd64,
  10: x86,
  12: arm64,
  13: arm,
  14: x86,
  32769: sparc,
  32770: ppc64,
  32771: oldArm64,
  32772: mips64,
  32773: riscv,
  32774: riscv64,
  // A number that nobody has, for writers that took another one.
  32775: loongarch64,
};

/**
 * A context record with the given registers; the others are 0. Throws for a processor or a name it does not know.
 * @param architecture the processor's number in the format
 */
export function synthContext(
  byteOrder: "little" | "big",
  architecture: number,
  registers: Readonly<Record<string, bigint>>,
  flags?: number,
): Uint8Array {
  const processor = processors[architecture];
  if (processor === undefined) throw new Error(`no contexts of processor ${architecture}`);
  for (const name of Object.keys(registers)) {
    if (!processor.registers.includes(name)) throw new Error(`the processor has no register "${name}"`);
  }
  const bytes = new SynthBytes(byteOrder);
  processor.write(bytes, (name) => registers[name] ?? 0n, flags);
  return bytes.finish();
}
