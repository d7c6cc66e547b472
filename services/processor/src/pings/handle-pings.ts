import type { Logger, Metrics } from "@mayday/observability";
import type { PingsJob, Publisher } from "@mayday/queue";
import type { Records } from "@mayday/records";
import type { PingStorage } from "@mayday/storage";
import type { PingPool } from "./ping-pool.ts";

export interface PingsParts {
  readonly pings: Pick<PingStorage, "loadBytes" | "saveProcessedBytes">;
  readonly pool: Pick<PingPool, "process">;
  readonly publisher: Pick<Publisher, "publishPingsIndexing">;
  /** Told of clients whose data is to be deleted. */
  readonly deletions: Pick<Records["deletions"], "ask">;
  readonly log: Logger;
  readonly metrics: Metrics;
}

/** Handles a batch: load, process, save, ask for indexing. Done twice it gives the same. */
export async function handlePings(job: PingsJob, parts: PingsParts): Promise<void> {
  const { pings, pool, publisher, deletions, log, metrics } = parts;
  const started = performance.now();
  const stored = await pings.loadBytes(job);
  if (stored === undefined) {
    // It was removed, or made part of another.
    log.info({ batch: job }, "no such batch of pings is stored");
    return;
  }
  const result = await pool.process(stored);
  for (const rule of result.ruleFailures) metrics.count("processor_rule_failures_total", { rule });
  await pings.saveProcessedBytes(job, result.processed);
  for (const client of result.deletions) await deletions.ask(client, "a deletion-request ping");
  await publisher.publishPingsIndexing(job);
  const outcomes = { processed: result.count, repeated: result.repeated, damaged: result.damaged };
  for (const [outcome, amount] of Object.entries(outcomes))
    if (amount > 0) metrics.count("processor_pings_total", { outcome }, amount);
  log.info({ batch: job, ...outcomes, ms: Math.round(performance.now() - started) }, "processed pings");
}
