import { Cluster, Redis } from "ioredis";
import { type RedisOptions, redisPlace } from "./redis-address.ts";

/** A connection to one Redis, or to a Cluster's: they take the same commands, as long as the keys of one lie together. */
export type RedisConnection = Redis;

/**
 * An answer that takes longer is not coming: the network forgot the connection, and another one is made. Workers ask Redis
 * to answer within ten seconds when a job comes.
 */
const LONGEST_SILENCE_MS = 15_000;

/** A connection to the Redis at `url` (see {@link redisPlace}), which comes back by itself when it is lost. */
export function connectRedis(url: string): RedisConnection {
  const wait = (times: number) => Math.min(50 * 2 ** Math.min(times, 6), 2000);
  // BullMQ wants commands to wait for the connection, not to fail after some tries.
  return connect(
    url,
    { maxRetriesPerRequest: null, retryStrategy: wait, socketTimeout: LONGEST_SILENCE_MS },
    wait,
  );
}

/** A connection for what can be done without: commands fail at once while Redis is away. */
export function connectRedisAtOnce(url: string): RedisConnection {
  const options = {
    maxRetriesPerRequest: 1,
    enableOfflineQueue: false,
    connectTimeout: 500,
    commandTimeout: 500,
  };
  return connect(url, options, () => 1000);
}

function connect(url: string, options: RedisOptions, again: (times: number) => number): RedisConnection {
  const place = redisPlace(url);
  if (place.kind === "alone")
    return place.url === ""
      ? new Redis({ ...options, ...place.options })
      : new Redis(place.url, { ...options, ...place.options });
  if (place.kind === "sentinel") return new Redis({ ...options, ...place.options });
  const cluster = new Cluster([...place.nodes], {
    redisOptions: { ...options, ...place.options },
    clusterRetryStrategy: again,
    enableOfflineQueue: options.enableOfflineQueue ?? true,
    // A name that a certificate is for must not become a number.
    ...(place.options.tls === undefined
      ? {}
      : { dnsLookup: (host: string, done: (error: null, address: string) => void) => done(null, host) }),
  });
  // Both are ioredis' Commander; what differs (select, monitor …) nobody here uses.
  return cluster as unknown as Redis;
}
