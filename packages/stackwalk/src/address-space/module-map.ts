import type { MappedRegion, MinidumpModule } from "@mayday/minidump";
import { lastAtOrBefore } from "./last-at-or-before.ts";

/** Addresses that belong to a module. */
interface Stretch {
  readonly start: bigint;
  /** Address behind the last. */
  readonly end: bigint;
  readonly module: MinidumpModule;
}

/** Where a map does better than minidump-stackwalk's. */
export interface ModuleMapOptions {
  /** A module that lies inside another, of another name, is found where it is. */
  readonly inner?: boolean;
  /** The process's mappings: entries that are mappings of one file are one module. */
  readonly mappings?: readonly MappedRegion[];
}

/**
 * Finds the module that covers an address. A module that begins inside the one before it is left out, and of those
 * that begin together the smallest stays: writers on Linux list a file's later mappings again as modules of their own.
 */
export class ModuleMap {
  readonly #sorted: readonly Stretch[];

  constructor(modules: readonly MinidumpModule[], { inner = false, mappings = [] }: ModuleMapOptions = {}) {
    const kept: Stretch[] = [];
    let end = -1n;
    for (const module of [...modules].sort((a, b) => compare(a.base, b.base) || a.size - b.size)) {
      const stretch = { start: module.base, end: module.base + BigInt(module.size), module };
      if (module.base >= end) {
        kept.push(stretch);
        end = stretch.end;
      } else if (inner) insert(kept, stretch);
    }
    this.#sorted = mappings.length === 0 ? kept : joined(kept, mappings);
  }

  /** The modules that are found, in the order of their addresses. */
  get modules(): readonly MinidumpModule[] {
    return [...new Set(this.#sorted.map(({ module }) => module))];
  }

  /** Address behind the last module; 0 where there is none. */
  get end(): bigint {
    return this.#sorted.at(-1)?.end ?? 0n;
  }

  at(address: bigint): MinidumpModule | undefined {
    const before = lastAtOrBefore(this.#sorted, address, ({ start }) => start);
    return before !== undefined && address < before.end ? before.module : undefined;
  }
}

/** Splits the stretch that a module lies in: the last, since modules come in the order of their addresses. */
function insert(kept: Stretch[], inner: Stretch): void {
  const outer = kept.at(-1);
  if (outer === undefined || inner.start <= outer.start || inner.end > outer.end) return;
  // A later mapping of the same file.
  if (inner.module.fileName === outer.module.fileName || inner.module.debugId === undefined) return;
  kept[kept.length - 1] = { ...outer, end: inner.start };
  kept.push(inner);
  if (inner.end < outer.end) kept.push({ ...outer, start: inner.end });
}

/** Gives stretches of later mappings of a file to the module of its first one. */
function joined(stretches: readonly Stretch[], mappings: readonly MappedRegion[]): Stretch[] {
  const byStart = new Map(mappings.map((mapping) => [mapping.start, mapping]));
  let first: Stretch | undefined;
  return stretches.map((stretch) => {
    const mapping = byStart.get(stretch.start);
    const isLater = first !== undefined && continues(first, stretch, byStart);
    if (isLater) return { ...stretch, module: first!.module };
    first = mapping?.path !== undefined && mapping.offset === 0n ? stretch : undefined;
    return stretch;
  });
}

function continues(first: Stretch, later: Stretch, byStart: ReadonlyMap<bigint, MappedRegion>): boolean {
  const [begins, goesOn] = [byStart.get(first.start), byStart.get(later.start)];
  if (begins === undefined || goesOn === undefined || begins.path !== goesOn.path) return false;
  const { module } = later;
  const isSame = module.debugId === undefined || module.debugId === first.module.debugId;
  // In memory a file's parts never lie closer together than in the file.
  return (
    isSame &&
    module.name === first.module.name &&
    goesOn.offset > 0n &&
    later.start - first.start >= goesOn.offset
  );
}

/** An address as bytes from the module's base. */
export function moduleOffset(module: MinidumpModule, address: bigint): number {
  return Number(address - module.base);
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
