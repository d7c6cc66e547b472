/** Lets each key through once in a while. */
export interface RateGate {
  /** Whether the key may pass now; when it may, its time begins again. */
  pass(key: string): boolean;
  /** Lets the key pass again at once: what it passed for failed. */
  forget(key: string): void;
}

/**
 * @param everyMs the time between two passes of a key
 * @param capacity how many keys are remembered; the one that passed first is forgotten first
 */
export function createRateGate(everyMs: number, capacity: number, now: () => Date): RateGate {
  const passedAt = new Map<string, number>();
  return {
    pass(key) {
      const time = now().getTime();
      const last = passedAt.get(key);
      if (last !== undefined && time - last < everyMs) return false;
      passedAt.delete(key);
      const oldest = passedAt.keys().next();
      if (passedAt.size >= capacity && !oldest.done) passedAt.delete(oldest.value);
      passedAt.set(key, time);
      return true;
    },
    forget: (key) => void passedAt.delete(key),
  };
}
