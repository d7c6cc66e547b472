import { type ContextLayout, numbered } from "./context-layout.ts";

/** Breakpad's MDRawContextPPC. */
export const ppcLayout: ContextLayout = {
  cpu: "ppc",
  size: 1004,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: 0x2000_0000,
  width: 4,
  registers: [
    ["srr0", 4],
    ["srr1", 8],
    ...numbered("r", 32, 12, 4),
    ["cr", 140],
    ["xer", 144],
    ["lr", 148],
    ["ctr", 152],
    ["mq", 156],
    ["vrsave", 160],
  ],
};

/** Breakpad's MDRawContextPPC64. */
export const ppc64Layout: ContextLayout = {
  cpu: "ppc64",
  size: 1160,
  flagsAt: 0,
  flagsWidth: 8,
  cpuFlag: 0x0100_0000,
  width: 8,
  registers: [
    ["srr0", 8],
    ["srr1", 16],
    ...numbered("r", 32, 24, 8),
    ["cr", 280],
    ["xer", 288],
    ["lr", 296],
    ["ctr", 304],
    ["vrsave", 312],
  ],
};
