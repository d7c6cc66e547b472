import type { Minidump } from "../minidump.ts";
import { ACCESS_VIOLATION, IN_PAGE_ERROR } from "./windows-crash-reason.ts";

/** Their second parameter is the address. */
const windowsAddressCodes: ReadonlySet<number> = new Set([ACCESS_VIOLATION, IN_PAGE_ERROR]);

/**
 * The address whose access crashed the process; undefined when the dump holds no exception. On a 32-bit
 * processor only the low 32 bits count: some writers extend the sign.
 */
export function crashAddress(dump: Minidump): bigint | undefined {
  const { exception, systemInfo } = dump;
  if (exception === undefined) return undefined;
  const told =
    systemInfo.os === "Windows NT" && windowsAddressCodes.has(exception.code)
      ? exception.parameters[1]
      : undefined;
  const address = told ?? exception.address;
  return systemInfo.pointerWidth === 4 ? BigInt.asUintN(32, address) : address;
}
