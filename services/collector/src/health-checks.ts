import { MaydayError } from "@mayday/errors";
import type { Publisher } from "@mayday/queue";
import type { HealthChecks } from "@mayday/service";
import type { ObjectStore } from "@mayday/storage";

/** What the collector depends on. Without the queue and storage it still takes reports; without the journal it may not. */
export function healthChecks(
  store: ObjectStore,
  publisher: Publisher,
  journal: { readonly isFull: boolean; check(): Promise<void> },
  mover: { readonly error: unknown },
): HealthChecks {
  return {
    storage: () => store.check(),
    queue: () => publisher.check(),
    async journal() {
      if (journal.isFull) throw new MaydayError("JOURNAL_FULL");
      await journal.check();
    },
    async mover() {
      if (mover.error !== undefined) throw mover.error;
    },
  };
}
