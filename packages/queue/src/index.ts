export {
  type BulkJob,
  type BulkJobs,
  type BulkRequest,
  type BulkState,
  createBulkJobs,
} from "./bulk-jobs.ts";
export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeCrashes,
  consumeIndexing,
  consumeMissingSymbols,
  consumeSymcaches,
  type Handler,
  type OnSetAside,
} from "./consumer.ts";
export { type CrashJobs, createCrashJobs, type UnprocessedCrash } from "./crash-jobs.ts";
export { type FailureKind, failureKind } from "./failure-kind.ts";
export type {
  CrashJob,
  IndexingJob,
  MissingSymbolsJob,
  Ruleset,
  SymbolsArrivedJob,
  SymcacheJob,
} from "./jobs.ts";
export { createPublisher, type Publisher } from "./publisher.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
export {
  createMissingSymbolsPublisher,
  createSymcachePublisher,
  type JobPublisher,
} from "./symbols-publishers.ts";
