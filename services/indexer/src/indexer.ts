import type { Logger, Metrics, Traces } from "@mayday/observability";
import type { Handler, IndexingJob, PingsIndexingJob } from "@mayday/queue";
import {
  documentIn,
  pingDocument,
  type SearchDocument,
  type SearchEngine,
  searchDocument,
} from "@mayday/search";
import type { CrashStorage, PingStorage } from "@mayday/storage";
import { batcher } from "./batcher.ts";

export interface IndexerParts {
  readonly storage: CrashStorage;
  readonly pings: Pick<PingStorage, "loadProcessed">;
  readonly engine: SearchEngine;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly traces?: Pick<Traces, "tell">;
}

/** Older ones were processed again. */
const DAY_MS = 86_400_000;
const MOST_IN_A_BATCH = 500;
/** Between the beginnings of batches, ms: half of a second is not too long to be searchable, and spares the machine. */
const REST_MS = 500;

/** Handles indexing jobs: writes the document that came, else the processed crash as it is stored now, to the engine, in batches. */
export function createIndexer({
  storage,
  pings,
  engine,
  log,
  metrics,
  traces,
}: IndexerParts): Handler<IndexingJob | PingsIndexingJob> {
  const add = batcher<SearchDocument>(
    async (documents) => {
      await engine.add(documents);
      metrics.count("indexer_crashes_total", {}, documents.length);
      metrics.observe("indexer_batch_crashes", {}, documents.length);
      const now = Date.now();
      for (const { fields } of documents) {
        const age = now - Date.parse(String(fields.date));
        if (age >= 0 && age < DAY_MS) metrics.observe("indexer_searchable_seconds", {}, age / 1000);
      }
    },
    MOST_IN_A_BATCH,
    REST_MS,
  );
  // What the collector moved at once may be a few pings: a write for each costs the engine more than all its documents.
  const addPing = batcher<SearchDocument>(
    async (documents) => {
      await engine.add(documents);
      metrics.count("indexer_pings_total", {}, documents.length);
    },
    MOST_IN_A_BATCH,
    REST_MS,
  );
  return async (job, attempt) => {
    if ("pings" in job) {
      const processed = (await pings.loadProcessed(job.pings)) ?? [];
      await Promise.all(processed.map(pingDocument).map(addPing));
      log.info({ batch: job.pings, pings: processed.length }, "indexed");
      return;
    }
    const { crashId, document } = job;
    const from = Date.now();
    const indexed = () => {
      traces?.tell({ name: "index", crashId, from, to: Date.now() });
      log.info({ crashId }, "indexed");
    };
    // Later ones may be indexed by the time a job comes again.
    if (document !== undefined && attempt.number === 1) {
      await add(documentIn(document));
      indexed();
      return;
    }
    const processed = await storage.loadProcessed(crashId);
    if (processed === undefined) {
      log.warn({ crashId }, "no such processed crash is stored");
      return;
    }
    await add(searchDocument(processed));
    indexed();
  };
}
