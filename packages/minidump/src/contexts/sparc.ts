import { type ContextLayout, numbered } from "./context-layout.ts";

/** Breakpad's MDRawContextSPARC. */
export const sparcLayout: ContextLayout = {
  cpu: "sparc",
  size: 584,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x1000_0000,
  width: 8,
  registers: [
    ...numbered("g_r", 32, 8, 8),
    ["ccr", 264],
    ["pc", 272],
    ["npc", 280],
    ["y", 288],
    ["asi", 296],
    ["fprs", 304],
  ],
};
