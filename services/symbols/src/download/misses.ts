/** More than debuggers ask for in a minute. */
const MAX_NAMES = 100_000;

/** Names of files that are known not to be there: debuggers ask for the same ones again and again. */
export interface Misses {
  has(name: string): boolean;
  add(name: string): void;
  delete(name: string): void;
}

/** @param lastMs how long a name is not asked for again */
export function createMisses(lastMs: number, now: () => number = Date.now): Misses {
  const until = new Map<string, number>();
  return {
    has(name) {
      const end = until.get(name);
      if (end === undefined) return false;
      if (end > now()) return true;
      until.delete(name);
      return false;
    },
    add(name) {
      if (until.size >= MAX_NAMES) until.delete(until.keys().next().value as string);
      until.set(name, now() + lastMs);
    },
    delete: (name) => void until.delete(name),
  };
}
