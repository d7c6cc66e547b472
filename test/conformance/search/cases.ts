import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { parseExactJson } from "../../../packages/crash/src/index.ts";

/** A request that Crash Stats was asked, and what it answered. */
export interface SearchCase {
  readonly case: string;
  readonly group: string;
  readonly what: string;
  readonly endpoint: "SuperSearch" | "SuperSearchUnredacted";
  readonly params: readonly (readonly [name: string, value: string])[];
  /** The query string as it was sent; `params` is empty then. */
  readonly raw_query?: string;
  readonly permissions: readonly string[];
  readonly expected: { readonly status: number; readonly body: unknown };
  readonly notes?: readonly string[];
}

export interface RecordedDocument {
  readonly processed_crash: Readonly<Record<string, unknown>>;
  readonly indexing: { readonly saved: boolean };
}

export interface RecordedTokens {
  readonly text: string;
  readonly standard: readonly string[];
  readonly semicolon_keywords: readonly string[];
}

/** The lines of a gzipped file of JSON lines, their numbers exact. */
export function linesOf<T>(folder: string, name: string): T[] {
  const text = gunzipSync(readFileSync(join(folder, name))).toString("utf8");
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => parseExactJson(line) as T);
}

/** A recorded document as a processed crash: `{"$nonfinite": …}` stands for numbers that JSON cannot write. */
export function processedCrash(value: unknown): Readonly<Record<string, unknown>> {
  return revived(value) as Readonly<Record<string, unknown>>;
}

function revived(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revived);
  if (typeof value !== "object" || value === null || "rawJSON" in value) return value;
  const special = (value as { $nonfinite?: unknown }).$nonfinite;
  if (special === "nan") return Number.NaN;
  if (special !== undefined) return special === "inf" ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, revived(one)]));
}
