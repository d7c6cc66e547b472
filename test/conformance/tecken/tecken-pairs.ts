import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { RawAnswer } from "../symbolicate/raw-request.ts";

/** A request to Tecken and its answer; of long answers the beginning. */
export interface TeckenPair {
  readonly what: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly status: number;
  readonly rheaders: Readonly<Record<string, string>>;
  readonly body: string;
}

export function readPairs(folder: string): TeckenPair[] {
  return ["pairs-1.json", "pairs-2.json"].flatMap(
    (file) => JSON.parse(readFileSync(join(folder, file), "utf8")) as TeckenPair[],
  );
}

const COMPARED = [
  "allow",
  "location",
  "vary",
  "access-control-allow-origin",
  "access-control-allow-methods",
  "access-control-allow-headers",
];

/** Which parts of an answer differ; numbers that each server gives out itself, times and addresses do not count. */
export function differencesOf(
  pair: TeckenPair,
  answer: RawAnswer,
  hosts: ReadonlyMap<string, string>,
): string[] {
  const recorded = Object.fromEntries(
    Object.entries(pair.rheaders).map(([name, value]) => [name.toLowerCase(), withHosts(value, hosts)]),
  );
  const headers = COMPARED.filter((name) => (recorded[name] ?? "") !== (answer.headers[name] ?? ""));
  if (typeOf(recorded) !== typeOf(answer.headers)) headers.push("content-type");
  if ("debug-time" in recorded !== "debug-time" in answer.headers) headers.push("debug-time");
  return [
    ...(pair.status === answer.status ? [] : ["status"]),
    ...headers,
    ...bodyDifferences(withHosts(pair.body, hosts), answer.body.toString()),
  ];
}

const typeOf = (headers: Readonly<Record<string, string>>) => headers["content-type"] ?? "";

function withHosts(text: string, hosts: ReadonlyMap<string, string>): string {
  let replaced = text;
  for (const [theirs, ours] of hosts) replaced = replaced.replaceAll(theirs, ours);
  return replaced;
}

function bodyDifferences(expected: string, got: string): string[] {
  const [theirs, ours] = [parsed(expected), parsed(got)];
  // What was recorded was cut; then its beginning says that both are lists of the same.
  if (theirs === undefined && expected.startsWith("{")) {
    const [first] = /^\{"[a-z_]+":/.exec(expected) ?? [];
    return got.replaceAll(" ", "").startsWith(first ?? "") ? [] : ["body"];
  }
  if (theirs === undefined) return expected === got ? [] : ["body"];
  return places(plain(theirs), plain(ours), "");
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Values that each server gives out itself. */
const OWN = new Set(["id", "user_id", "size", "created_at", "completed_at", "token_expires_at"]);

/** JSON without such values; addresses of single uploads without their secrets. */
function plain(value: unknown, key = ""): unknown {
  if (OWN.has(key)) return value === null ? null : `<${key}>`;
  if (key === "url" && typeof value === "string" && /upload/.test(value)) return "<address>";
  if (Array.isArray(value)) return value.map((item) => plain(item));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([name]) => name !== "related");
  return Object.fromEntries(entries.map(([name, item]) => [name, plain(item, name)]));
}

function places(theirs: unknown, ours: unknown, at: string): string[] {
  if (isObject(theirs) && isObject(ours)) {
    return [...new Set([...Object.keys(theirs), ...Object.keys(ours)])].flatMap((key) =>
      places(theirs[key], ours[key], at === "" ? key : `${at}.${key}`),
    );
  }
  return isDeepStrictEqual(theirs, ours) ? [] : [at || "body"];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
