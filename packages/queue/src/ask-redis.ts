import pTimeout from "p-timeout";
import { connectRedis } from "./connection.ts";
import { readState, warningOf, whyNothingIsTaken } from "./redis-state.ts";

/** What a Redis tells of itself. */
export interface RedisAnswer {
  readonly version: string;
  /** Why it takes no jobs; undefined where it takes them. */
  readonly refuses: string | undefined;
  /** What is to be warned of. */
  readonly warns: string | undefined;
}

const LIMIT_MS = 5000;

/** Asks a Redis once how it is. @throws with the reason why it cannot be reached */
export async function askRedis(url: string): Promise<RedisAnswer> {
  const redis = connectRedis(url);
  // An error of the connection says more than that time ran out.
  const broken = new Promise<never>((_, failed) => redis.once("error", failed));
  redis.on("error", () => undefined);
  try {
    const state = readState(
      await pTimeout(Promise.race([redis.info(), broken]), {
        milliseconds: LIMIT_MS,
        message: `no answer within ${LIMIT_MS} ms`,
      }),
    );
    return {
      version: state.get("redis_version") ?? "unknown",
      refuses: whyNothingIsTaken(state),
      warns: warningOf(state),
    };
  } finally {
    redis.disconnect();
  }
}
