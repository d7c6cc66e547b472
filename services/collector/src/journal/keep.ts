import { MaydayError } from "@mayday/errors";
import type { Logger, Metrics } from "@mayday/observability";
import type { ObjectStore } from "@mayday/storage";
import type { Entry } from "./entry.ts";

export interface KeepParts {
  readonly journal: { append(entry: Entry): Promise<void> };
  readonly store: ObjectStore;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/**
 * Returns when the entry cannot be lost any more: it is in the journal, or, where the journal takes no more, in storage.
 * One that went to storage is not queued: the sweep finds it.
 * @param id names the entry in the log
 * @throws {MaydayError} OVERLOADED when the journal is full and storage does not take it either, SAVE_FAILED
 */
export async function keep(id: string, entry: Entry, parts: KeepParts): Promise<void> {
  const { journal, store, log, metrics } = parts;
  const started = performance.now();
  try {
    await journal.append(entry);
  } catch (error) {
    const isFull = error instanceof MaydayError && error.code === "JOURNAL_FULL";
    log.error({ id, err: error }, "the journal does not take a report; it goes to storage");
    metrics.count("collector_journal_failures_total", {});
    // A copy: an adapter that gives up may leave a socket sending, and the memory of bodies is used again at once.
    const objects = entry.objects.map(({ key, bytes }) => ({ key, bytes: Buffer.from(bytes) }));
    await store.putGroups([objects]).catch((cause) => {
      throw new MaydayError(isFull ? "OVERLOADED" : "SAVE_FAILED", undefined, { cause });
    });
  }
  metrics.observe("collector_save_seconds", {}, (performance.now() - started) / 1000);
}
