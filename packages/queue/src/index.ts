export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeCrashes,
  consumeIndexing,
  consumeSymcaches,
  type Handler,
} from "./consumer.ts";
export type { CrashJob, IndexingJob, Ruleset, SymbolsArrivedJob, SymcacheJob } from "./jobs.ts";
export { createPublisher, type Publisher } from "./publisher.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
export { createSymcachePublisher, type SymcachePublisher } from "./symcache-publisher.ts";
