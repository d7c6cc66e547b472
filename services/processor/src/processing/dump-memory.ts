import type { Dumps } from "@mayday/crash";

/** The memory of dumps that can go to a thread whole. A small one may be a piece of memory that others have pieces of. */
export function transferable(dumps: Dumps): ArrayBuffer[] {
  return [...new Set([...dumps.values()].filter(isWhole).map(({ buffer }) => buffer as ArrayBuffer))];
}

/** Frees a dump's memory now: megabytes that wait for the collector of garbage make it run again and again. */
export function letGo(dump: Uint8Array): void {
  if (isWhole(dump)) (dump.buffer as ArrayBuffer).transfer(0);
}

function isWhole({ buffer, byteLength }: Uint8Array): boolean {
  return (
    buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength && byteLength > 0
  );
}
