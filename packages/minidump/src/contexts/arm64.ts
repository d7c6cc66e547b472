import { type ContextLayout, numbered } from "./context-layout.ts";

/** Both records of ARM64 have their integer registers at the same places. */
const registers: ContextLayout["registers"] = [
  ...numbered("x", 29, 8, 8),
  ["fp", 0xf0],
  ["lr", 0xf8],
  ["sp", 0x100],
  ["pc", 0x108],
];

/** CONTEXT of ARM64 (winnt.h), which Windows and Crashpad write. */
export const arm64Layout: ContextLayout = {
  cpu: "arm64",
  size: 912,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x0040_0000,
  width: 8,
  registers,
};

/** Breakpad's MDRawContextARM64_Old, from before Microsoft had one: its flags are 64 bits wide. */
export const oldArm64Layout: ContextLayout = {
  ...arm64Layout,
  size: 796,
  flagsWidth: 8,
  cpuFlag: 0x8000_0000,
};
