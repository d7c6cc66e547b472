export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeCrashes,
  consumeIndexing,
  type Handler,
} from "./consumer.ts";
export type { CrashJob, IndexingJob, Ruleset } from "./jobs.ts";
export { createPublisher, type Publisher } from "./publisher.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
