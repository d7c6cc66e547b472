import type { ByteReader } from "../bytes/byte-reader.ts";
import { type ContextLayout, numbered } from "./context-layout.ts";

/**
 * LoongArch 64 as this package numbers it: by its number in program files (PE). Writers have none that they agree on: ports
 * of Breakpad and Crashpad took 0x8005, which is RISC-V's in Breakpad itself, and its flags as well.
 */
export const LOONGARCH64 = 0x6264;

const CPU_FLAG = 0x0080_0000;
/** With 32 floating point registers and their state. RISC-V's records of 32 bits are half as long. */
const RECORD_BYTES = 544;

/** The ports' MDRawContextLOONGARCH64, MinidumpContextLOONGARCH64 and Windows' CONTEXT, alike up to the pc. */
export const loongarch64Layout: ContextLayout = {
  cpu: "loongarch64",
  size: RECORD_BYTES,
  flagsAt: 0,
  flagsWidth: 4,
  cpuFlag: CPU_FLAG,
  width: 8,
  registers: [
    ["pc", 264],
    ["ra", 16],
    ["tp", 24],
    ["sp", 32],
    ...numbered("a", 8, 40, 8),
    ...numbered("t", 9, 104, 8),
    ["u0", 176],
    ["fp", 184],
    ...numbered("s", 9, 192, 8),
  ],
};

/** Whether a context record is one of LoongArch's, by its size and flags. */
export function isLoongarchContext(record: ByteReader): boolean {
  return record.length >= RECORD_BYTES && (record.u32(0) & ~0xff) === CPU_FLAG;
}
