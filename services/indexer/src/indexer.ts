import type { Logger, Metrics } from "@mayday/observability";
import type { IndexingJob } from "@mayday/queue";
import { type SearchDocument, type SearchEngine, searchDocument } from "@mayday/search";
import type { CrashStorage } from "@mayday/storage";
import { batcher } from "./batcher.ts";

export interface IndexerParts {
  readonly storage: CrashStorage;
  readonly engine: SearchEngine;
  readonly log: Logger;
  readonly metrics: Metrics;
}

const MOST_IN_A_BATCH = 500;

/** Handles indexing jobs: loads the processed crash as it is stored now and writes it to the engine, in batches. */
export function createIndexer({
  storage,
  engine,
  log,
  metrics,
}: IndexerParts): (job: IndexingJob) => Promise<void> {
  const add = batcher<SearchDocument>(async (documents) => {
    await engine.add(documents);
    metrics.count("indexer_crashes_total", {}, documents.length);
    metrics.observe("indexer_batch_crashes", {}, documents.length);
  }, MOST_IN_A_BATCH);
  return async ({ crashId }) => {
    const processed = await storage.loadProcessed(crashId);
    if (processed === undefined) {
      log.warn({ crashId }, "no such processed crash is stored");
      return;
    }
    await add(searchDocument(processed));
    log.info({ crashId }, "indexed");
  };
}
