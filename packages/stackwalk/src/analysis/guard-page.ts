import { isAccessible, type MemoryRegions } from "./memory-regions.ts";

const MOST_GUARD_BYTES = 32_768n;

/** Whether an address lies in what looks like a guard page: little, without any access, next to memory with some. */
export function isGuardPage(regions: MemoryRegions, address: bigint): boolean {
  const region = regions.at(address);
  if (region === undefined || isAccessible(region)) return false;
  if (region.last - region.start >= MOST_GUARD_BYTES) return false;
  const neighbours = [regions.at(region.start - 1n), regions.at(region.last + 1n)];
  return neighbours.some((neighbour) => neighbour !== undefined && isAccessible(neighbour));
}
