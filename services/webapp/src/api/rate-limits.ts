import rateLimit from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { askerOf } from "../asker.ts";
import type { WebappParts } from "../parts.ts";
import type { RateLimits } from "./rate-limits-options.ts";

const ANY_NUMBER = Number.MAX_SAFE_INTEGER;
/** No more addresses are counted in a process at once. */
const ADDRESSES = 10_000;

/**
 * Refuses more questions a minute than a token, or an address without one, may ask. While Redis is away nobody is refused:
 * an API that does not answer would be worse.
 */
export async function addRateLimits(
  api: FastifyInstance,
  parts: WebappParts,
  { anonymous, token, addressHeader, redis }: RateLimits,
): Promise<void> {
  const most = (limit: number): number => (limit === 0 ? ANY_NUMBER : limit);
  await api.register(rateLimit, {
    timeWindow: "1 minute",
    keyGenerator: async (request) => {
      const id = await tokenIdOf(request, parts);
      return id === undefined ? `address:${addressOf(request, addressHeader)}` : `token:${id}`;
    },
    max: (_request, key) => most(String(key).startsWith("token:") ? token : anonymous),
    // What a browser asks before a question is no question.
    allowList: (request) => request.method === "OPTIONS",
    nameSpace: "mayday-api-rate-",
    skipOnError: true,
    cache: ADDRESSES,
    ...(redis === undefined ? {} : { redis }),
  });
}

/** A token that is none is counted for its address: else each guess would have a limit of its own. */
async function tokenIdOf(request: FastifyRequest, parts: WebappParts): Promise<string | undefined> {
  try {
    const { hasToken, who } = await askerOf(request, parts);
    return hasToken ? who.split(" ")[0] : undefined;
  } catch {
    return undefined;
  }
}

function addressOf(request: FastifyRequest, header: string): string {
  const told = header === "" ? undefined : request.headers[header.toLowerCase()];
  return typeof told === "string" && told !== "" ? told.split(",")[0]!.trim() : request.ip;
}
