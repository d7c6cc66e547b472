import { createHash } from "node:crypto";
import { MaydayError } from "@mayday/errors";
import type { TokenAnswer, Tokens } from "./tokens.ts";

/** A year from the start, for tokens that name no end, seconds. */
const YEAR_S = 365 * 24 * 3600;

/**
 * Tokens as a setting lists them, one an item: `KEY:permission+permission`, and behind it `:email` and `:YYYY-MM-DD`, the
 * day from which it is no longer good. A key without permissions has none; `off` among them puts its user out of action.
 * @throws {MaydayError} CONFIG_INVALID, which shows no key
 */
export function tokensFromSetting(items: readonly string[], now: () => number = Date.now): Tokens {
  const started = Math.floor(now() / 1000);
  const users: string[] = [];
  const known = new Map<string, TokenAnswer & { expiresAt: number }>();
  for (const [index, item] of items.entries()) {
    const [key = "", permissions = "", email = "", day = ""] = item.split(":").map((part) => part.trim());
    const expiresAt = day === "" ? started + YEAR_S : Date.parse(day) / 1000;
    if (key === "" || key.includes("-") || Number.isNaN(expiresAt)) {
      throw new MaydayError("CONFIG_INVALID", `token ${index + 1} cannot be read`);
    }
    if (!users.includes(email)) users.push(email);
    const granted = new Set(permissions.split("+").filter((name) => name !== ""));
    const owner = { userId: users.indexOf(email) + 1, email, permissions: granted, expiresAt };
    const answer = granted.has("off") ? ({ kind: "inactive" } as const) : ({ kind: "valid", owner } as const);
    known.set(hash(key), { ...answer, expiresAt });
  }
  return {
    async find(key) {
      // By hash: how long a look-up takes tells nothing of the keys.
      const found = known.get(hash(key));
      if (found === undefined) return { kind: "unknown" };
      return found.expiresAt * 1000 <= now() ? { kind: "expired" } : found;
    },
  };
}

function hash(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}
