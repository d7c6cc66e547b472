import { inTime } from "./asking-redis.ts";
import { connectRedis } from "./connection.ts";
import { PREFIX } from "./queue-names.ts";

/** Texts that are kept for a while: sessions. Every method throws MaydayError REDIS_UNAVAILABLE soon when Redis is away. */
export interface Expiring {
  get(name: string): Promise<string | undefined>;
  /** @param ms how long it is kept from now on */
  set(name: string, text: string, ms: number): Promise<void>;
  delete(name: string): Promise<void>;
  close(): Promise<void>;
}

/** @param kind what they are: the names of one kind do not meet those of another */
export function openExpiring(redisUrl: string, kind: string, onError: (error: Error) => void): Expiring {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const key = (name: string) => `${PREFIX}:${kind}:${name}`;
  return {
    get: (name) => inTime(redis, async () => (await redis.get(key(name))) ?? undefined),
    set: (name, text, ms) =>
      inTime(redis, async () => void (await redis.set(key(name), text, "PX", Math.max(1, Math.round(ms))))),
    delete: (name) => inTime(redis, async () => void (await redis.del(key(name)))),
    async close() {
      redis.disconnect();
    },
  };
}
