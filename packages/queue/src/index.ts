export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeCrashes,
  consumeIndexing,
  consumeMissingSymbols,
  consumeSymcaches,
  type Handler,
} from "./consumer.ts";
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
