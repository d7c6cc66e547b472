import { type ContextLayout, numbered } from "./context-layout.ts";

/** Breakpad's MDRawContextARM: of the sixteen registers four have names. */
export const armLayout: ContextLayout = {
  cpu: "arm",
  size: 368,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x4000_0000,
  width: 4,
  registers: [
    ...numbered("r", 11, 4, 4),
    ["r12", 4 + 12 * 4],
    ["fp", 4 + 11 * 4],
    ["sp", 4 + 13 * 4],
    ["lr", 4 + 14 * 4],
    ["pc", 4 + 15 * 4],
  ],
};
