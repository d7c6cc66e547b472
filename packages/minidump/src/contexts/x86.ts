import type { ContextLayout } from "./context-layout.ts";

/** CONTEXT of x86 (winnt.h). */
export const x86Layout: ContextLayout = {
  cpu: "x86",
  size: 716,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x0001_0000,
  width: 4,
  registers: [
    ["eip", 0xb8],
    ["esp", 0xc4],
    ["ebp", 0xb4],
    ["ebx", 0xa4],
    ["esi", 0xa0],
    ["edi", 0x9c],
    ["eax", 0xb0],
    ["ecx", 0xac],
    ["edx", 0xa8],
    ["eflags", 0xc0],
  ],
};
