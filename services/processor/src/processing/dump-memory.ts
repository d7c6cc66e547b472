import type { OpenObject } from "@mayday/storage";
import type { OpenDumps } from "../open-dumps.ts";

/** The memory of dumps that can go to a thread whole. A small one may be a piece of memory that others have pieces of. */
export function transferable(dumps: OpenDumps): ArrayBuffer[] {
  return [...new Set([...dumps.values()].filter(isWhole).map(({ buffer }) => buffer))];
}

/** Frees a dump's memory now: megabytes that wait for the collector of garbage make it run again and again. */
export function letGo(dump: OpenObject): void {
  if (isWhole(dump)) dump.buffer.transfer(0);
}

function isWhole(dump: OpenObject): dump is Uint8Array<ArrayBuffer> {
  if (!(dump instanceof Uint8Array)) return false;
  const { buffer, byteLength } = dump;
  return (
    buffer instanceof ArrayBuffer && !buffer.detached && buffer.byteLength === byteLength && byteLength > 0
  );
}
