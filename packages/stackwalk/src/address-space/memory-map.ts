import type { Minidump } from "@mayday/minidump";
import { lastAtOrBefore } from "./last-at-or-before.ts";

interface Stretch {
  readonly start: bigint;
  readonly end: bigint;
}

interface Region extends Stretch {
  readonly executable: boolean;
}

/** Which parts of the crashed process's memory hold code and which do not, as the dump tells them. */
export class MemoryMap {
  readonly #sorted: readonly Region[];
  readonly #stacks: readonly Stretch[];

  /** @param isInModule whether a module is at an address: a stack that begins there is none */
  constructor(
    { linux, memoryInfo, threads }: Pick<Minidump, "linux" | "memoryInfo" | "threads">,
    isInModule: (address: bigint) => boolean,
  ) {
    const told = memoryInfo.map(({ base, size, executable }) => ({
      start: base,
      end: base + size,
      executable,
    }));
    const regions: Region[] = [...(linux.maps?.regions ?? []), ...told];
    this.#sorted = regions.sort(byStart);
    this.#stacks = joined(
      threads.flatMap(({ stackStart, stack }) => {
        if (isInModule(stackStart)) return [];
        const bytes = stack && [{ start: stack.base, end: stack.base + BigInt(stack.bytes.length) }];
        const region = this.#regionOf(stackStart);
        return [...(bytes ?? []), ...(region === undefined ? [] : [region])];
      }),
    );
  }

  /** Whether what is at an address is known to be code; undefined where the dump does not tell. */
  isCode(address: bigint): boolean | undefined {
    return this.#regionOf(address)?.executable;
  }

  /** Whether a thread's stack is at an address. */
  isStack(address: bigint): boolean {
    const stack = lastAtOrBefore(this.#stacks, address, ({ start }) => start);
    return stack !== undefined && address < stack.end;
  }

  #regionOf(address: bigint): Region | undefined {
    const region = lastAtOrBefore(this.#sorted, address, ({ start }) => start);
    return region !== undefined && address < region.end ? region : undefined;
  }
}

function byStart(a: Stretch, b: Stretch): number {
  return a.start < b.start ? -1 : a.start > b.start ? 1 : 0;
}

/** The same stretches, sorted and without overlap. */
function joined(stretches: readonly Stretch[]): Stretch[] {
  const out: Stretch[] = [];
  for (const stretch of [...stretches].sort(byStart)) {
    const last = out.at(-1);
    if (last === undefined || stretch.start > last.end) out.push(stretch);
    else if (stretch.end > last.end) out[out.length - 1] = { start: last.start, end: stretch.end };
  }
  return out;
}
