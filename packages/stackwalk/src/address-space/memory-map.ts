import type { Minidump } from "@mayday/minidump";
import { lastAtOrBefore } from "./last-at-or-before.ts";

interface Region {
  readonly start: bigint;
  readonly end: bigint;
  readonly executable: boolean;
}

/** Which parts of the crashed process's memory hold code and which do not, as the dump tells them. */
export class MemoryMap {
  readonly #sorted: readonly Region[];

  constructor({ linux, memoryInfo }: Pick<Minidump, "linux" | "memoryInfo">) {
    const told = memoryInfo.map(({ base, size, executable }) => ({
      start: base,
      end: base + size,
      executable,
    }));
    const regions: Region[] = [...(linux.maps?.regions ?? []), ...told];
    this.#sorted = regions.sort((a, b) => (a.start < b.start ? -1 : a.start > b.start ? 1 : 0));
  }

  /** Whether what is at an address is known to be code; undefined where the dump does not tell. */
  isCode(address: bigint): boolean | undefined {
    const region = lastAtOrBefore(this.#sorted, address, ({ start }) => start);
    return region !== undefined && address < region.end ? region.executable : undefined;
  }
}
