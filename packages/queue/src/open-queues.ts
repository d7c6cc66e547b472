import { Queue } from "bullmq";
import type { RedisConnection } from "./connection.ts";
import { allQueueNames, bullName, PREFIX } from "./queue-names.ts";

/** A queue, and what people call it. */
export interface NamedQueue {
  readonly name: (typeof allQueueNames)[number];
  readonly queue: Queue;
}

/** All queues, through one connection. */
export function openQueues(connection: RedisConnection, onError: (error: Error) => void): NamedQueue[] {
  return allQueueNames.map((name) => {
    const queue = new Queue(bullName(name), { connection, prefix: PREFIX });
    queue.on("error", onError);
    return { name, queue };
  });
}
