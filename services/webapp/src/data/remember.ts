import { createHash } from "node:crypto";
import { MaydayError } from "@mayday/errors";
import type { Logger } from "@mayday/observability";
import type { Expiring } from "@mayday/queue";
import pLimit from "p-limit";

/** What was worked out, and when. */
export interface Remembered<T> {
  readonly value: T;
  readonly at: Date;
}

export interface Memory {
  /**
   * What is remembered under a name, else what `work` gives, which is then remembered. However many ask at the same time,
   * it is worked out once.
   * @param name of any length; all that the value hangs on
   * @param ms how long it is remembered
   * @throws MaydayError SEARCH_UNAVAILABLE when too much waits to be worked out
   */
  remember<T>(name: readonly unknown[], ms: number, work: () => Promise<T>): Promise<Remembered<T>>;
}

export interface MemoryParts {
  /** Where it is kept; nothing is when undefined. */
  readonly kept: Expiring | undefined;
  readonly log: Logger;
  readonly now: () => Date;
}

/** What takes long is worked out one after the other, so that pages have the rest of the index's readers. */
const AT_ONCE = 1;
const MOST_WAITING = 20;

/** Remembers values that JSON can hold, in Redis; while that is away everything is worked out anew. */
export function createMemory({ kept, log, now }: MemoryParts): Memory {
  const underWay = new Map<string, Promise<Remembered<unknown>>>();
  const limit = pLimit(AT_ONCE);
  const recalled = async (key: string): Promise<Remembered<unknown> | undefined> => {
    try {
      const text = await kept?.get(key);
      if (text === undefined) return undefined;
      const { value, at } = JSON.parse(text) as { value: unknown; at: string };
      return { value, at: new Date(at) };
    } catch (error) {
      log.warn({ err: error }, "what was worked out is not remembered");
      return undefined;
    }
  };
  const workedOut = async (key: string, ms: number, work: () => Promise<unknown>) => {
    const known = await recalled(key);
    if (known !== undefined) return known;
    if (limit.pendingCount >= MOST_WAITING)
      throw new MaydayError("SEARCH_UNAVAILABLE", "too much waits to be worked out");
    const made = { value: await limit(work), at: now() };
    await kept?.set(key, JSON.stringify(made), ms).catch((error) => {
      log.warn({ err: error }, "what was worked out is not kept");
    });
    return made;
  };
  return {
    remember<T>(name: readonly unknown[], ms: number, work: () => Promise<T>) {
      const key = createHash("sha256").update(JSON.stringify(name)).digest("base64url");
      const running = underWay.get(key) ?? workedOut(key, ms, work).finally(() => underWay.delete(key));
      underWay.set(key, running);
      // Under its name there is what this kind of work gave.
      return running as Promise<Remembered<T>>;
    },
  };
}
