import { hex8 } from "../bytes/hex.ts";
import type { MinidumpException } from "../streams/exception.ts";
import { fastFailNames } from "./tables/fast-fail-names.ts";
import { ntStatusName, windowsErrorText } from "./windows-error-names.ts";

export const ACCESS_VIOLATION = 0xc000_0005;
export const IN_PAGE_ERROR = 0xc000_0006;
const STACK_BUFFER_OVERRUN = 0xc000_0409;

/** Exceptions (winnt.h and some of its users), which stand before statuses of the same number. */
const exceptions: Readonly<Record<number, string>> = {
  [0x8000_0001]: "EXCEPTION_GUARD_PAGE",
  [0x8000_0002]: "EXCEPTION_DATATYPE_MISALIGNMENT",
  [0x8000_0003]: "EXCEPTION_BREAKPOINT",
  [0x8000_0004]: "EXCEPTION_SINGLE_STEP",
  [ACCESS_VIOLATION]: "EXCEPTION_ACCESS_VIOLATION",
  [IN_PAGE_ERROR]: "EXCEPTION_IN_PAGE_ERROR",
  [0xc000_0008]: "EXCEPTION_INVALID_HANDLE",
  [0xc000_001d]: "EXCEPTION_ILLEGAL_INSTRUCTION",
  [0xc000_0025]: "EXCEPTION_NONCONTINUABLE_EXCEPTION",
  [0xc000_0026]: "EXCEPTION_INVALID_DISPOSITION",
  [0xc000_008c]: "EXCEPTION_BOUNDS_EXCEEDED",
  [0xc000_008d]: "EXCEPTION_FLT_DENORMAL_OPERAND",
  [0xc000_008e]: "EXCEPTION_FLT_DIVIDE_BY_ZERO",
  [0xc000_008f]: "EXCEPTION_FLT_INEXACT_RESULT",
  [0xc000_0090]: "EXCEPTION_FLT_INVALID_OPERATION",
  [0xc000_0091]: "EXCEPTION_FLT_OVERFLOW",
  [0xc000_0092]: "EXCEPTION_FLT_STACK_CHECK",
  [0xc000_0093]: "EXCEPTION_FLT_UNDERFLOW",
  [0xc000_0094]: "EXCEPTION_INT_DIVIDE_BY_ZERO",
  [0xc000_0095]: "EXCEPTION_INT_OVERFLOW",
  [0xc000_0096]: "EXCEPTION_PRIV_INSTRUCTION",
  [0xc000_00fd]: "EXCEPTION_STACK_OVERFLOW",
  [0xc000_0194]: "EXCEPTION_POSSIBLE_DEADLOCK",
  // Chromium's allocators (base/process/memory.h).
  [0xe000_0008]: "Out of Memory",
  [0xe06d_7363]: "Unhandled C++ Exception",
  [0xe043_4352]: "MANAGED_EXCEPTION_CODE_V4",
  // Crashpad's mark for a dump that was asked for.
  [0x0517_a7ed]: "Simulated Exception",
};

/** What an access was for, by the first parameter of an access violation. */
const accesses: ReadonlyMap<bigint, WindowsAccess> = new Map([
  [0n, "READ"],
  [1n, "WRITE"],
  [8n, "EXEC"],
]);

export type WindowsAccess = "READ" | "WRITE" | "EXEC";

/** What the access was for that violated; undefined when the exception is no access violation or does not tell. */
export function violatingAccess({ code, parameters }: MinidumpException): WindowsAccess | undefined {
  return code === ACCESS_VIOLATION && parameters.length >= 1 ? accesses.get(parameters[0]!) : undefined;
}

/** The words for an exception of Windows. */
export function windowsCrashReason(exception: MinidumpException): string {
  const { code, parameters } = exception;
  const name = exceptions[code];
  if (name === undefined) {
    if (code === STACK_BUFFER_OVERRUN && parameters.length >= 1) return fastFail(parameters[0]!);
    return windowsErrorText(code);
  }
  const access = violatingAccess(exception);
  if (access !== undefined) return `${name}_${access}`;
  return code === IN_PAGE_ERROR ? inPageError(name, parameters) : name;
}

/** `__fastfail` ends the process as a stack overrun, whatever it was called for. */
function fastFail(parameter: bigint): string {
  const code = Number(parameter & 0xffff_ffffn);
  return `EXCEPTION_STACK_BUFFER_OVERRUN / ${fastFailNames[code] ?? hex8(code)}`;
}

/** The third parameter is the status of the read that should have brought the page in. */
function inPageError(name: string, parameters: readonly bigint[]): string {
  const access = parameters.length >= 3 ? accesses.get(parameters[0]!) : undefined;
  if (access === undefined) return name;
  const status = Number(parameters[2]! & 0xffff_ffffn);
  return `${name}_${access} / ${ntStatusName(status) ?? hex8(status)}`;
}
