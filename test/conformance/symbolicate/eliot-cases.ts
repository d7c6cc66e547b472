import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { gunzipSync } from "node:zlib";
import type { RawAnswer, RecordedRequest } from "./raw-request.ts";

/** A request to Eliot and what it answered; the README beside the cases explains the fields. */
export interface EliotCase {
  readonly id: string;
  readonly group: string;
  readonly what: string;
  readonly symbol_servers: readonly string[];
  readonly before: {
    readonly symbol_servers?: readonly string[];
    readonly request: RecordedRequest;
  } | null;
  readonly request: RecordedRequest;
  readonly expected: ExpectedAnswer;
}

export interface ExpectedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly json?: unknown;
  readonly body?: string;
  readonly body_sha256?: string;
}

export function readCases(file: string): EliotCase[] {
  const lines = gunzipSync(readFileSync(file)).toString("utf8").trimEnd().split("\n");
  return lines.map((line) => JSON.parse(line) as EliotCase);
}

/** Headers that must be equal, present or absent: of others, those of lengths, dates and connections are no answer. */
const isCompared = (name: string) =>
  ["content-type", "allow", "vary"].includes(name) || name.startsWith("access-control-");

/** Which parts of an answer differ: `status`, headers by name, and of JSON the places, such as `results.0.stacks.0.1.line`. */
export function differencesOf(expected: ExpectedAnswer, answer: RawAnswer): string[] {
  const names = [...Object.keys(expected.headers), ...Object.keys(answer.headers)];
  const headers = [...new Set(names)].filter(
    (name) => isCompared(name) && expected.headers[name] !== answer.headers[name],
  );
  return [
    ...(expected.status === answer.status ? [] : ["status"]),
    ...headers,
    ...bodyDifferences(expected, answer.body),
  ];
}

function bodyDifferences(expected: ExpectedAnswer, body: Buffer): string[] {
  const text = body.toString("utf8");
  if ("json" in expected) return jsonDifferences(expected.json, parsed(text), "");
  if (expected.body !== undefined) return expected.body === text ? [] : ["body"];
  if (expected.body_sha256 === undefined) return [];
  const hash = createHash("sha256").update(pythonSpacing(text)).digest("hex");
  return hash === expected.body_sha256 ? [] : ["body"];
}

/** JSON as Python writes it, of which long answers have the hash. */
function pythonSpacing(text: string): string {
  const spaced = (value: unknown): string => {
    if (Array.isArray(value)) return `[${value.map(spaced).join(", ")}]`;
    if (typeof value === "object" && value !== null) {
      return `{${Object.entries(value)
        .map(([key, item]) => `${ascii(key)}: ${spaced(item)}`)
        .join(", ")}}`;
    }
    return typeof value === "string" ? ascii(value) : JSON.stringify(value);
  };
  return spaced(parsed(text));
}

function ascii(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Recorded in place of a time. */
const SECONDS = "<seconds>";

function jsonDifferences(expected: unknown, got: unknown, at: string): string[] {
  if (expected === SECONDS) return typeof got === "number" ? [] : [at];
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((item, index) => jsonDifferences(item, got[index], inside(at, index)));
  }
  if (isObject(expected) && isObject(got)) {
    const keys = [...new Set([...Object.keys(expected), ...Object.keys(got)])];
    return keys.flatMap((key) => jsonDifferences(expected[key], got[key], inside(at, key)));
  }
  return isDeepStrictEqual(expected, got) ? [] : [at || "body"];
}

const inside = (at: string, key: string | number) => (at === "" ? String(key) : `${at}.${key}`);

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
