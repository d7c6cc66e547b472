import { SynthBytes } from "./synth-bytes.ts";

/** The order in which an amd64 CONTEXT holds its integer registers. */
const order = "rax rcx rdx rbx rsp rbp rsi rdi r8 r9 r10 r11 r12 r13 r14 r15 rip".split(" ");

/** An amd64 CONTEXT record with the given registers; the others are 0. Throws for a name it does not know. */
export function synthAmd64Context(
  byteOrder: "little" | "big",
  registers: Readonly<Record<string, bigint>>,
  flags = 0x10000b,
): Uint8Array {
  for (const name of Object.keys(registers)) {
    if (!order.includes(name)) throw new Error(`amd64 has no register "${name}"`);
  }
  const bytes = new SynthBytes(byteOrder);
  bytes.u64(0n, 0n, 0n, 0n, 0n, 0n); // home space for arguments
  bytes.u32(flags, 8064); // and MXCSR
  for (const segment of [51, 43, 43, 83, 43, 43]) bytes.u16(segment);
  bytes.u32(582); // EFLAGS
  bytes.u64(0n, 0n, 0n, 0n, 0n, 0n); // debug registers
  for (const name of order) bytes.u64(registers[name] ?? 0n);
  return bytes.zeros(512 + 26 * 16 + 6 * 8).finish(); // FXSAVE area, vector registers, debug control
}
