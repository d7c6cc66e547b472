import { resolve } from "node:path";
import { openStore, type Store } from "./store.ts";

/** A store, and how to let go of it. `release` must not be called while work of the opener is under way. */
export interface Lease {
  readonly store: Store;
  release(): void;
}

interface Shared {
  readonly store: Promise<Store>;
  openers: number;
}

/**
 * The files this process has open, by path. To replace a crash one must know every row there is, so two openers
 * of a file share not just DuckDB's instance but also the queue of writes and the count of versions.
 */
const shared = new Map<string, Shared>();

/** Opens a file, or joins those who have it open (then the memory limit is theirs). `:memory:` is never shared. */
export async function leaseStore(path: string, memoryLimitMb: number): Promise<Lease> {
  if (path === ":memory:") {
    const store = await openStore(path, memoryLimitMb);
    return { store, release: () => store.close() };
  }
  const file = resolve(path);
  const entry = shared.get(file) ?? { store: openStore(file, memoryLimitMb), openers: 0 };
  shared.set(file, entry);
  entry.openers += 1;
  const leave = (): boolean => {
    entry.openers -= 1;
    if (entry.openers === 0) shared.delete(file);
    return entry.openers === 0;
  };
  try {
    const store = await entry.store;
    return { store, release: () => leave() && store.close() };
  } catch (error) {
    leave();
    throw error;
  }
}
