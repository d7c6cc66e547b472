import type { RedisOptions } from "bullmq";

/**
 * Connection options for the Redis at `url`: `redis://`, `rediss://`, `unix://` or the path of a socket.
 * A publisher fails fast, since storage is the record and a sweep repairs; a worker waits for Redis to return.
 */
export function redisConnection(url: string, use: "publish" | "work"): RedisOptions {
  const where = socketPath(url);
  return {
    ...(where === undefined ? { url } : { path: where }),
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
    ...(use === "publish"
      ? { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 2000 }
      : { maxRetriesPerRequest: null }),
  };
}

function socketPath(url: string): string | undefined {
  if (url.startsWith("/")) return url;
  return url.startsWith("unix://") ? url.slice("unix://".length) : undefined;
}
