export {
  type Attempt,
  type Consumer,
  type ConsumerOptions,
  consumeCrashes,
  consumeIndexing,
  consumePings,
  type Handler,
} from "./consumer.ts";
export type { CrashJob, IndexingJob, PingJob, Ruleset } from "./jobs.ts";
export { createPublisher, PINGS_REMEMBERED_MS, type Publisher } from "./publisher.ts";
export { type CrashQueueName, crashQueueNames } from "./queue-names.ts";
