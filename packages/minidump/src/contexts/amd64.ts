import type { ContextLayout } from "./context-layout.ts";

/** CONTEXT of AMD64 (winnt.h). */
export const amd64Layout: ContextLayout = {
  cpu: "amd64",
  size: 1232,
  flagsAt: 0x30,
  flagsWidth: 4,
  cpuFlag: 0x0010_0000,
  width: 8,
  registers: [
    ["rax", 0x78],
    ["rdx", 0x88],
    ["rcx", 0x80],
    ["rbx", 0x90],
    ["rsi", 0xa8],
    ["rdi", 0xb0],
    ["rbp", 0xa0],
    ["rsp", 0x98],
    ["r8", 0xb8],
    ["r9", 0xc0],
    ["r10", 0xc8],
    ["r11", 0xd0],
    ["r12", 0xd8],
    ["r13", 0xe0],
    ["r14", 0xe8],
    ["r15", 0xf0],
    ["rip", 0xf8],
  ],
};
