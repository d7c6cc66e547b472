import { type ErrorCode, MaydayError } from "@mayday/errors";

/**
 * What to do about a job that failed. `wait`: something it needs is away, and it comes again, later and later, until that
 * is back. `retry`: it comes again a few times, then it is set aside. `never`: it would fail the same way, and is set
 * aside at once.
 */
export type FailureKind = "wait" | "retry" | "never";

const AWAY: ReadonlySet<ErrorCode> = new Set([
  "STORAGE_UNAVAILABLE",
  "REDIS_UNAVAILABLE",
  "SEARCH_UNAVAILABLE",
  "PROCESSING_INTERRUPTED",
] satisfies ErrorCode[]);

export function failureKind(error: unknown): FailureKind {
  if (error instanceof MaydayError) return AWAY.has(error.code) ? "wait" : "retry";
  // What is stored is not JSON, and will not become it.
  return error instanceof SyntaxError ? "never" : "retry";
}
