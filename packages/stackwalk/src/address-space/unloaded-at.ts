import type { UnloadedModule } from "@mayday/minidump";

/** The modules that had been loaded at an address which no loaded module covers: by name, each with all offsets. */
export function unloadedAt(
  modules: readonly UnloadedModule[],
  address: bigint,
): { readonly name: string; readonly offsets: readonly bigint[] }[] {
  const found = new Map<string, Set<bigint>>();
  for (const { name, base, size } of modules) {
    const offset = address - base;
    if (offset < 0n || offset >= BigInt(size)) continue;
    const offsets = found.get(name) ?? new Set();
    found.set(name, offsets.add(offset));
  }
  return [...found]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, offsets]) => ({ name, offsets: [...offsets].sort((a, b) => (a < b ? -1 : 1)) }));
}
