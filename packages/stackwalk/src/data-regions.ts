import type { Minidump } from "@mayday/minidump";
import { lastAtOrBefore } from "./last-at-or-before.ts";

interface Region {
  readonly start: bigint;
  readonly end: bigint;
  readonly executable: boolean;
}

/** The parts of the crashed process's memory that are known to hold no code, as the dump tells them. */
export class DataRegions {
  readonly #sorted: readonly Region[];

  constructor({ linux, memoryInfo }: Pick<Minidump, "linux" | "memoryInfo">) {
    const told = memoryInfo.map(({ base, size, executable }) => ({
      start: base,
      end: base + size,
      executable,
    }));
    const regions: Region[] = [...(linux.maps?.regions ?? []), ...told];
    this.#sorted = regions.sort((a, b) => (a.start < b.start ? -1 : 1));
  }

  holds(address: bigint): boolean {
    const region = lastAtOrBefore(this.#sorted, address, ({ start }) => start);
    return region !== undefined && address < region.end && !region.executable;
  }
}
