import type { MinidumpModule } from "@mayday/minidump";

/** Finds the module that covers an address. */
export class ModuleMap {
  readonly #sorted: readonly MinidumpModule[];

  constructor(modules: readonly MinidumpModule[]) {
    this.#sorted = [...modules].sort((a, b) => (a.base < b.base ? -1 : 1));
  }

  at(address: bigint): MinidumpModule | undefined {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#sorted[middle]!.base <= address) low = middle + 1;
      else high = middle;
    }
    const before = this.#sorted[low - 1];
    return before !== undefined && address < before.base + BigInt(before.size) ? before : undefined;
  }
}

/** An address as bytes from the module's base. */
export function moduleOffset(module: MinidumpModule, address: bigint): number {
  return Number(address - module.base);
}
