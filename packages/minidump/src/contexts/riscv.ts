import { type ContextLayout, numbered } from "./context-layout.ts";

/** In the order of their numbers, x1 to x31, behind the pc. */
const names = [
  ...["pc", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"],
  ...numbered("a", 8, 0, 8).map(([name]) => name),
  ...numbered("s", 10, 0, 8, 2).map(([name]) => name),
  ...["t3", "t4", "t5", "t6"],
];

function laidOut(from: number, width: 4 | 8): ContextLayout["registers"] {
  return names.map((name, index) => [name, from + index * width]);
}

/** Breakpad's MDRawContextRISCV: flags and a version, then the registers; floating point ones follow. */
export const riscvLayout: ContextLayout = {
  cpu: "riscv",
  size: 8 + names.length * 4,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x0080_0000,
  width: 4,
  registers: laidOut(8, 4),
};

/** Breakpad's MDRawContextRISCV64 and Crashpad's, the same. */
export const riscv64Layout: ContextLayout = {
  cpu: "riscv64",
  size: 8 + names.length * 8,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x0800_0000,
  width: 8,
  registers: laidOut(8, 8),
};
