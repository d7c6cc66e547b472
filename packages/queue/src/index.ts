export { askRedis, type RedisAnswer } from "./ask-redis.ts";
export { type BulkEffect, type CrashEffect, type Reading, sumOfEffects } from "./bulk-effect.ts";
export {
  type BulkJob,
  type BulkJobs,
  type BulkOutcome,
  type BulkRequest,
  type BulkState,
  createBulkJobs,
} from "./bulk-jobs.ts";
export { connectRedisAtOnce } from "./connection.ts";
export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeArrivals,
  consumeCrashes,
  consumeHealings,
  consumeIndexing,
  consumeMissingSymbols,
  consumePings,
  consumeSymcaches,
  type HandledJob,
  type Handler,
  type OnSetAside,
} from "./consumer.ts";
export { type CrashJobs, createCrashJobs, type UnprocessedCrash } from "./crash-jobs.ts";
export { type Expiring, openExpiring } from "./expiring.ts";
export { type FailureKind, failureKind } from "./failure-kind.ts";
export {
  type CrashJob,
  type HealingJob,
  type IndexingJob,
  type MissingSymbolsJob,
  type PingsIndexingJob,
  type PingsJob,
  type Ruleset,
  SYMBOLS_SETTLE_MS,
  type SymbolsArrivedJob,
  type SymcacheJob,
} from "./jobs.ts";
export { type Notebook, openNotebook } from "./notebook.ts";
export type { NamedQueue } from "./open-queues.ts";
export { createPublisher, type Publisher } from "./publisher.ts";
export {
  createQueueHistory,
  type QueueHistory,
  type QueuePoint,
  type QueueState,
} from "./queue-history.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
export { type RunningSchedules, runSchedules, type Schedule, type SchedulesOptions } from "./schedules.ts";
export {
  createArrivalsPublisher,
  createHealingsPublisher,
  createMissingSymbolsPublisher,
  createSymcachePublisher,
  type JobPublisher,
} from "./symbols-publishers.ts";
export { openTallies, type Tallies, type Tally, type TallyStretch } from "./tallies.ts";
