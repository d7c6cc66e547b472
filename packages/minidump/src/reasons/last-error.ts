import type { Minidump, MinidumpThread } from "../minidump.ts";
import { windowsErrorText } from "./windows-error-names.ts";

/** Where Windows keeps a thread's last error: so many pointers into its environment block. */
const LAST_ERROR_POINTERS = 13;

/**
 * What GetLastError would have answered in a thread, as `ERROR_ACCESS_DENIED`. undefined when the dump does not hold
 * the thread's environment block.
 */
export function lastError(
  { memory, systemInfo }: Pick<Minidump, "memory" | "systemInfo">,
  { teb }: MinidumpThread,
): string | undefined {
  const address = lastErrorAddress(systemInfo.pointerWidth, teb);
  const range = memory.at(address);
  if (range === undefined) return undefined;
  const word = range.bytes.range(Number(address - range.base), 4);
  return word === undefined ? undefined : windowsErrorText(word.u32(0));
}

/** Where the four bytes of a thread's last error are. */
export function lastErrorAddress(pointerWidth: 4 | 8, teb: bigint): bigint {
  return teb + BigInt(LAST_ERROR_POINTERS * pointerWidth);
}
