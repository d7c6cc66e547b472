import { Queue } from "bullmq";
import { connectRedis, type RedisConnection } from "./connection.ts";
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

/** All queues as BullMQ has them, for who looks at single jobs. */
export interface QueueBoard {
  readonly queues: readonly NamedQueue[];
  close(): Promise<void>;
}

export function openQueueBoard(redisUrl: string, onError: (error: Error) => void): QueueBoard {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const queues = openQueues(redis, onError);
  return {
    queues,
    async close() {
      await Promise.all(queues.map(({ queue }) => queue.close()));
      redis.disconnect();
    },
  };
}
