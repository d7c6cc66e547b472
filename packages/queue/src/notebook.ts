import { connectRedis } from "./connection.ts";
import { PREFIX } from "./queue-names.ts";

/** What work remembers from one time to the next. It stands in Redis: who finds nothing there begins anew. */
export interface Notebook {
  read(page: string): Promise<Record<string, string>>;
  write(page: string, lines: Readonly<Record<string, string>>): Promise<void>;
  forget(page: string, names: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export function openNotebook(redisUrl: string, onError: (error: Error) => void): Notebook {
  const redis = connectRedis(redisUrl);
  redis.on("error", onError);
  const key = (page: string) => `${PREFIX}:notes:${page}`;
  return {
    read: (page) => redis.hgetall(key(page)),
    write: async (page, lines) => void (await redis.hset(key(page), lines)),
    async forget(page, names) {
      if (names.length > 0) await redis.hdel(key(page), ...names);
    },
    async close() {
      redis.disconnect();
    },
  };
}
