import type { Cpu } from "../system/cpu-and-os.ts";

/** A thread's registers at the moment of the dump. */
export interface CpuContext {
  readonly cpu: Cpu;
  /** Bytes of a register. */
  readonly width: 4 | 8;
  /** By name, in the order in which a report lists them. Registers of 32 bits are never negative. */
  readonly registers: Readonly<Record<string, bigint>>;
  /** Where the innermost return address lies on the stack that the processor itself keeps (CET); absent where it is not told. */
  readonly shadowStackPointer?: bigint;
}

/** The registers that every processor has under a name of its own. */
const pointers: Readonly<Partial<Record<Cpu, { readonly instruction: string; readonly stack: string }>>> = {
  x86: { instruction: "eip", stack: "esp" },
  amd64: { instruction: "rip", stack: "rsp" },
  arm: { instruction: "pc", stack: "sp" },
  arm64: { instruction: "pc", stack: "sp" },
  mips: { instruction: "pc", stack: "sp" },
  mips64: { instruction: "pc", stack: "sp" },
  riscv: { instruction: "pc", stack: "sp" },
  riscv64: { instruction: "pc", stack: "sp" },
  loongarch64: { instruction: "pc", stack: "sp" },
  ppc: { instruction: "srr0", stack: "r1" },
  ppc64: { instruction: "srr0", stack: "r1" },
  sparc: { instruction: "pc", stack: "g_r14" },
};

/** Address of the instruction the thread was about to run. */
export function instructionPointer({ cpu, registers }: CpuContext): bigint {
  return registers[pointers[cpu]?.instruction ?? ""] ?? 0n;
}

/** Address of the top of the thread's stack. */
export function stackPointer({ cpu, registers }: CpuContext): bigint {
  return registers[pointers[cpu]?.stack ?? ""] ?? 0n;
}
