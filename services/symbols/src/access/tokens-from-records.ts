import { crc32 } from "node:zlib";
import type { Records } from "@mayday/records";
import type { Tokens } from "./tokens.ts";

/** A day that no token outlives, for those that have no end: Tecken's clients expect one. Seconds since 1970. */
const NO_END = Date.UTC(2100, 0, 1) / 1000;

/** Tokens as the records have them, made by `mayday tokens create` or on the webapp's page. */
export function tokensFromRecords({ tokens }: Pick<Records, "tokens">): Tokens {
  return {
    async find(key) {
      const token = await tokens.find(key);
      if (token === undefined) return { kind: "unknown" };
      const { owner, permissions, expires } = token;
      const expiresAt = expires === undefined ? NO_END : expires.getTime() / 1000;
      // Tecken's users have numbers; ours have names.
      const userId = crc32(owner);
      return { kind: "valid", owner: { userId, email: owner, permissions: new Set(permissions), expiresAt } };
    },
  };
}

/** Asks one after the other; the first that knows the token decides. */
export function firstThatKnows(...sources: readonly Tokens[]): Tokens {
  return {
    async find(key) {
      for (const source of sources) {
        const answer = await source.find(key);
        if (answer.kind !== "unknown") return answer;
      }
      return { kind: "unknown" };
    },
  };
}
