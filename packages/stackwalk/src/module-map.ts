import type { MinidumpModule } from "@mayday/minidump";
import { lastAtOrBefore } from "./last-at-or-before.ts";

/**
 * Finds the module that covers an address. A module that begins inside the one before it is left out, and of those
 * that begin together the smallest stays: writers on Linux list a file's later mappings again as modules of their own.
 */
export class ModuleMap {
  readonly #sorted: readonly MinidumpModule[];

  constructor(modules: readonly MinidumpModule[]) {
    const kept: MinidumpModule[] = [];
    let end = -1n;
    for (const module of [...modules].sort((a, b) => compare(a.base, b.base) || a.size - b.size)) {
      if (module.base < end) continue;
      kept.push(module);
      end = module.base + BigInt(module.size);
    }
    this.#sorted = kept;
  }

  /** The modules that are found, in the order of their addresses. */
  get modules(): readonly MinidumpModule[] {
    return this.#sorted;
  }

  /** Address behind the last module; 0 where there is none. */
  get end(): bigint {
    const last = this.#sorted.at(-1);
    return last === undefined ? 0n : last.base + BigInt(last.size);
  }

  at(address: bigint): MinidumpModule | undefined {
    const before = lastAtOrBefore(this.#sorted, address, ({ base }) => base);
    return before !== undefined && address < before.base + BigInt(before.size) ? before : undefined;
  }
}

/** An address as bytes from the module's base. */
export function moduleOffset(module: MinidumpModule, address: bigint): number {
  return Number(address - module.base);
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
