import { hex8, linuxCrashReason } from "./linux-crash-reason.ts";
import type { Minidump } from "./minidump.ts";

/**
 * Why the process crashed, in the words of its system, as `SIGSEGV / SEGV_MAPERR`. undefined when the dump
 * holds no exception. A system or code without words gives its two numbers: `unknown 0x0000000b / 0x00000001`.
 */
export function crashReason(dump: Minidump): string | undefined {
  const { exception, systemInfo } = dump;
  if (exception === undefined) return undefined;
  const { code, flags } = exception;
  const linux = systemInfo.os === "Linux" || systemInfo.os === "Android";
  const words = linux ? linuxCrashReason(code, flags) : undefined;
  return words ?? `unknown ${hex8(code)} / ${hex8(flags)}`;
}
