import { Redis } from "ioredis";

/**
 * A connection to the Redis at `url` (`redis://`, `rediss://`, `unix://` or the path of a socket), which comes back
 * by itself when it is lost.
 */
export function connectRedis(url: string): Redis {
  const options = {
    // BullMQ wants commands to wait for the connection, not to fail after some tries.
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2000),
  };
  const path = socketPath(url);
  return path === undefined ? new Redis(url, options) : new Redis({ ...options, path });
}

/** A connection for what can be done without: commands fail at once while Redis is away. */
export function connectRedisAtOnce(url: string): Redis {
  const options = {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 500,
    commandTimeout: 500,
  };
  const path = socketPath(url);
  return path === undefined ? new Redis(url, options) : new Redis({ ...options, path });
}

function socketPath(url: string): string | undefined {
  if (url.startsWith("/")) return url;
  return url.startsWith("unix://") ? url.slice("unix://".length) : undefined;
}
