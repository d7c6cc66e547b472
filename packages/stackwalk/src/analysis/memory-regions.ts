import type { Minidump } from "@mayday/minidump";
import { lastAtOrBefore } from "../address-space/last-at-or-before.ts";

/** A stretch of the crashed process's address space and what may be done there. `last` is its last address. */
export interface MemoryRegion {
  readonly start: bigint;
  readonly last: bigint;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
}

/** What an instruction wanted of memory; `any` where the system did not tell. */
export type MemoryOperation = "read" | "write" | "execute" | "any";

const ADDRESS_SPACE_END = 1n << 64n;

/** The address space as the dump tells it: by Windows's list, else by Linux's maps. Sorted, without overlap. */
export class MemoryRegions {
  readonly sorted: readonly MemoryRegion[];

  constructor({ linux, memoryInfo }: Pick<Minidump, "linux" | "memoryInfo">) {
    const told =
      memoryInfo.length > 0
        ? memoryInfo.map((info) => ({ ...info, start: info.base, end: info.base + info.size }))
        : (linux.maps?.regions ?? []);
    const regions = told
      .filter(({ start, end }) => end > start && end <= ADDRESS_SPACE_END)
      .map(({ start, end, readable, writable, executable }) => ({
        start,
        last: end - 1n,
        readable,
        writable,
        executable,
      }))
      .sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : a.last < b.last ? -1 : 1));
    let last = -1n;
    this.sorted = regions.filter((region) => {
      if (region.start <= last) return false;
      last = region.last;
      return true;
    });
  }

  at(address: bigint): MemoryRegion | undefined {
    const region = lastAtOrBefore(this.sorted, address, ({ start }) => start);
    return region !== undefined && address <= region.last ? region : undefined;
  }
}

/** Whether an operation is allowed somewhere; `unsure` is the answer for one that is not known. */
export function allows(region: MemoryRegion, operation: MemoryOperation, unsure: boolean): boolean {
  switch (operation) {
    case "read":
      return region.readable;
    case "write":
      return region.writable;
    case "execute":
      return region.executable;
    case "any":
      return unsure;
  }
}

export function isAccessible({ readable, writable, executable }: MemoryRegion): boolean {
  return readable || writable || executable;
}
