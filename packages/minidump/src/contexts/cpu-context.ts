import type { Amd64Context } from "./amd64.ts";

/**
 * A thread's registers at the moment of the dump, told apart by `cpu`. Other processors join this union with
 * a file of their own beside `amd64.ts`.
 */
export type CpuContext = Amd64Context;

/** Address of the instruction the thread was about to run. */
export function instructionPointer(context: CpuContext): bigint {
  return context.registers.rip;
}

/** Address of the top of the thread's stack. */
export function stackPointer(context: CpuContext): bigint {
  return context.registers.rsp;
}
