import { type ContextLayout, numbered } from "./context-layout.ts";

const register = (number: number) => 8 + number * 8;

/** Breakpad's MDRawContextMIPS: registers of 32 bits stand in 64. Only those that outlive a call are kept. */
export const mipsLayout: ContextLayout = {
  cpu: "mips",
  size: 600,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x0004_0000,
  width: 8,
  registers: [
    ["gp", register(28)],
    ["sp", register(29)],
    ["fp", register(30)],
    ["ra", register(31)],
    ["pc", 312],
    ...numbered("s", 8, register(16), 8),
  ],
};

/** The same record, of a process with registers of 64 bits. */
export const mips64Layout: ContextLayout = { ...mipsLayout, cpu: "mips64", cpuFlag: 0x0008_0000 };
