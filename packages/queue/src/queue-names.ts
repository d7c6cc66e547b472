/** The queues of crash ids to process, as Socorro has them. */
export const crashQueueNames = ["standard", "priority", "reprocessing"] as const;
export type CrashQueueName = (typeof crashQueueNames)[number];

/** The queue of processed crashes to put into the search index. */
export const INDEXING = "indexing";

/** The queue of batches of crash pings to process. */
export const PINGS = "pings";

/** The queue of symbol files of which symcaches are to be built. */
export const SYMCACHES = "symcaches";

/** The queue of modules that were found to have no symbols. */
export const MISSING_SYMBOLS = "missing-symbols";

/** The queue of symbols that have come, for crashes that missed them. */
export const ARRIVALS = "arrivals";

/** The queue of what became of such crashes. */
export const HEALINGS = "healings";

/** All keys of the queues begin so. */
export const PREFIX = "mayday";

/** All queues, as people read of them. */
export const allQueueNames = [
  ...crashQueueNames,
  INDEXING,
  PINGS,
  SYMCACHES,
  MISSING_SYMBOLS,
  ARRIVALS,
  HEALINGS,
] as const;

/** BullMQ's name of a queue: the braces keep all its keys in one slot of a Redis Cluster, each queue in its own. */
export const bullName = (name: (typeof allQueueNames)[number]) => `{${name}}`;
