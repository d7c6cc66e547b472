import type { Minidump } from "@mayday/minidump";

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
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]!.start <= address) low = middle + 1;
      else high = middle;
    }
    const region = this.#sorted[low - 1];
    return region !== undefined && address < region.end && !region.executable;
  }
}
