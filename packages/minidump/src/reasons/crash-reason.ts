import { hex8 } from "../bytes/hex.ts";
import type { Minidump } from "../minidump.ts";
import type { MinidumpException } from "../streams/exception.ts";
import type { SystemInfo } from "../streams/system-info.ts";
import { linuxCrashReason } from "./linux-crash-reason.ts";
import { macCrashReason } from "./mac-crash-reason.ts";
import { windowsCrashReason } from "./windows-crash-reason.ts";

/**
 * Why the process crashed, in the words of its system, as `SIGSEGV / SEGV_MAPERR`. undefined when the dump
 * holds no exception. A system or code without words gives its two numbers: `unknown 0x0000000b / 0x00000001`.
 */
export function crashReason({ exception, systemInfo }: Minidump): string | undefined {
  if (exception === undefined) return undefined;
  const { code, flags } = exception;
  return systemWords(exception, systemInfo) ?? `unknown ${hex8(code)} / ${hex8(flags)}`;
}

function systemWords(exception: MinidumpException, { os, cpu }: SystemInfo): string | undefined {
  switch (os) {
    case "Linux":
    case "Android":
      return linuxCrashReason(exception.code, exception.flags);
    case "Windows NT":
      return windowsCrashReason(exception);
    case "Mac OS X":
    case "iOS":
      return macCrashReason(exception, cpu);
    default:
      return undefined;
  }
}
