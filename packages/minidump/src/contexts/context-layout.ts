import type { ByteReader } from "../bytes/byte-reader.ts";
import type { Cpu } from "../system/cpu-and-os.ts";
import type { CpuContext } from "./cpu-context.ts";

/** How a processor's context record is laid out. */
export interface ContextLayout {
  readonly cpu: Cpu;
  /** Bytes the record has at least; what follows them (XSTATE) is not looked at. */
  readonly size: number;
  /** Where the flags are that say which processor's record it is, and their bytes. */
  readonly flagsAt: number;
  readonly flagsWidth: 4 | 8;
  readonly cpuFlag: number;
  /** Bytes of a register. */
  readonly width: 4 | 8;
  /** Names and offsets, in the order in which a report lists them. */
  readonly registers: readonly (readonly [name: string, at: number])[];
}

/** The bits that name a processor. Others say what was filled in, or what the system did meanwhile (winnt.h). */
const CPU_FLAGS = 0xf15f_0000;

/**
 * Reads a context record. undefined when it is too short or its flags name another processor. The low byte of the
 * flags says which register groups the writer filled; like rust-minidump this reader takes all of them as they are.
 */
export function readContext(layout: ContextLayout, record: ByteReader): CpuContext | undefined {
  if (record.length < layout.size) return undefined;
  const flags =
    layout.flagsWidth === 8 ? Number(record.u64(layout.flagsAt) & 0xffff_ffffn) : record.u32(layout.flagsAt);
  // RISC-V's flags are others' bits of state.
  if ((flags & (CPU_FLAGS | layout.cpuFlag)) >>> 0 !== layout.cpuFlag) return undefined;
  const registers: Record<string, bigint> = {};
  for (const [name, at] of layout.registers) {
    registers[name] = layout.width === 8 ? record.u64(at) : BigInt(record.u32(at));
  }
  return { cpu: layout.cpu, width: layout.width, registers };
}

/** Registers of one kind that lie behind each other: `x0`, `x1` …, from number `first` on. */
export function numbered(
  prefix: string,
  count: number,
  at: number,
  width: 4 | 8,
  first = 0,
): (readonly [name: string, at: number])[] {
  return Array.from({ length: count }, (_, index) => [`${prefix}${first + index}`, at + index * width]);
}
