import type { ByteReader } from "../byte-reader.ts";

/** The amd64 registers kept, in the order a report lists them. */
export const amd64Registers = [
  "rax",
  "rdx",
  "rcx",
  "rbx",
  "rsi",
  "rdi",
  "rbp",
  "rsp",
  "r8",
  "r9",
  "r10",
  "r11",
  "r12",
  "r13",
  "r14",
  "r15",
  "rip",
] as const;

export type Amd64Register = (typeof amd64Registers)[number];

/** Registers of an amd64 thread. */
export interface Amd64Context {
  readonly cpu: "amd64";
  readonly registers: Readonly<Record<Amd64Register, bigint>>;
}

/** Bytes of winnt.h's CONTEXT for AMD64. XSTATE contexts are longer and begin with the same bytes. */
const contextSize = 1232;
const cpuFlag = 0x0010_0000;
const cpuFlagMask = 0xffff_ff00;

const registerOffset: Record<Amd64Register, number> = {
  rax: 0x78,
  rcx: 0x80,
  rdx: 0x88,
  rbx: 0x90,
  rsp: 0x98,
  rbp: 0xa0,
  rsi: 0xa8,
  rdi: 0xb0,
  r8: 0xb8,
  r9: 0xc0,
  r10: 0xc8,
  r11: 0xd0,
  r12: 0xd8,
  r13: 0xe0,
  r14: 0xe8,
  r15: 0xf0,
  rip: 0xf8,
};

/**
 * Decodes a CONTEXT record of AMD64 (winnt.h). undefined when it is too short or its flags name another
 * processor. The low byte of the flags says which register groups the writer filled; like rust-minidump this
 * reader takes all of them as they are.
 */
export function readAmd64Context(record: ByteReader): Amd64Context | undefined {
  if (record.length < contextSize) return undefined;
  if ((record.u32(0x30) & cpuFlagMask) >>> 0 !== cpuFlag) return undefined;
  const registers = {} as Record<Amd64Register, bigint>;
  for (const name of amd64Registers) registers[name] = record.u64(registerOffset[name]);
  return { cpu: "amd64", registers };
}
