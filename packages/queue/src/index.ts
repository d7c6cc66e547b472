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
export { type Notebook, openNotebook } from "./notebook.ts";
export { createPublisher, type Publisher } from "./publisher.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
export { type RunningSchedules, runSchedules, type Schedule, type SchedulesOptions } from "./schedules.ts";
export {
  createMissingSymbolsPublisher,
  createSymcachePublisher,
  type JobPublisher,
} from "./symbols-publishers.ts";
