import type { SearchCase } from "./cases.ts";

/** What a search answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Columns that Crash Stats always has null in hits, though it filters by them. */
const NULL_AT_PEER = /^(?:memory_(?!report)|cpu_count$)/;
/** Columns that Crash Stats shows as they were sent, though it reads them as numbers. */
const AS_SENT = new Set(["content_sandbox_level", "cpu_count"]);

/** Where our answer differs from the recorded one, and the named reasons that were let pass on the way. */
export interface Comparison {
  readonly differs: readonly string[];
  readonly named: readonly string[];
}

/** Compares status and body: sets where the recorded order means nothing, numbers by their value. */
export function compare(recorded: SearchCase, ours: Answer): Comparison {
  const { status, body } = recorded.expected;
  const notes = recorded.notes ?? [];
  if (status === 500 && notes.includes("engine-500") && ours.status === 400)
    return { differs: [], named: ["engine-500: 400 with the parameter's name"] };
  if (status === 500 && notes.includes("socorro-500") && ours.status < 500)
    return { differs: [], named: ["socorro-500: an answer, or 400"] };
  if (status !== ours.status) return { differs: ["status"], named: [] };
  if (status !== 200) {
    const isText = isObject(body) && "$text" in body;
    if (isText) return { differs: [], named: ["html: JSON here"] };
    if (notes.includes("proxy-shaped"))
      return { differs: [], named: ["proxy-shaped: the engine's own text"] };
    return { differs: isEqual(body, ours.body) ? [] : ["body"], named: [] };
  }
  return compareResults(body, ours.body, new Set(notes));
}

function compareResults(theirs: unknown, ours: unknown, notes: ReadonlySet<string>): Comparison {
  if (!isObject(theirs) || !isObject(ours)) return { differs: ["body"], named: [] };
  const differs: string[] = [];
  const named = new Set<string>();
  if (notes.has("week-index") && isTwice(theirs, ours))
    return { differs: [], named: ["outside its retention the peer finds each crash twice"] };
  if ("query" in theirs) {
    const isSame = isEqual(asSet(theirs["indices"]), asSet(ours["indices"]));
    return { differs: isSame ? [] : ["indices"], named: ["query: each engine has its own language"] };
  }
  for (const name of ["total", "errors", "hits"]) {
    const [a, b] = name === "hits" ? pairedHits(theirs[name], ours[name], named) : [theirs[name], ours[name]];
    const isUnordered =
      (name === "errors" && notes.has("errors-order")) || (name === "hits" && notes.has("order-engine"));
    if (!isEqual(isUnordered ? asSet(a) : a, isUnordered ? asSet(b) : b)) differs.push(name);
  }
  const [a, b] = [theirs["facets"], ours["facets"]];
  if (!isObject(a) || !isObject(b)) return { differs: [...differs, "facets"], named: [...named] };
  for (const name of new Set([...Object.keys(a), ...Object.keys(b)]))
    if (!isEqual(a[name], b[name])) differs.push(`facets.${name}`);
  for (const name of Object.keys(theirs)) if (!(name in ours)) differs.push(name);
  return { differs, named: [...named] };
}

/** Whether an answer without hits counts each crash twice. */
function isTwice(
  theirs: Readonly<Record<string, unknown>>,
  ours: Readonly<Record<string, unknown>>,
): boolean {
  const doubled = JSON.stringify(ours, (name, value) =>
    name === "total" || name === "count" ? Number(value) * 2 : value,
  );
  return Number(ours["total"]) > 0 && isEqual(theirs, JSON.parse(doubled));
}

/** Both lists of hits, ours with what Crash Stats shows in columns it is known to show wrongly. */
function pairedHits(theirs: unknown, ours: unknown, named: Set<string>): [unknown, unknown] {
  if (!Array.isArray(theirs) || !Array.isArray(ours) || theirs.length !== ours.length) return [theirs, ours];
  const paired = ours.map((hit: unknown, i) => {
    const recorded: unknown = theirs[i];
    if (!isObject(hit) || !isObject(recorded)) return hit;
    return Object.fromEntries(
      Object.entries(hit).map(([name, value]) => {
        const their = recorded[name];
        if (isEqual(their, value)) return [name, value];
        if (NULL_AT_PEER.test(name) && their === null) {
          named.add("nested columns are null at the peer");
          return [name, null];
        }
        if (typeof their === "string" && !their.isWellFormed() && their.toWellFormed() === value) {
          named.add("halves of characters are U+FFFD here");
          return [name, their];
        }
        if (name === "date" && isSameMoment(their, value)) {
          named.add("dates are shown in UTC here, as sent at the peer");
          return [name, their];
        }
        if (AS_SENT.has(name) && isSameNumber(their, value)) {
          named.add("short numbers are shown as sent at the peer");
          return [name, their];
        }
        return [name, value];
      }),
    );
  });
  return [theirs, paired];
}

const isSameMoment = (a: unknown, b: unknown): boolean =>
  typeof a === "string" && typeof b === "string" && Date.parse(a) === Date.parse(b);

/** Whether a number was sent as ours reads it: as text, with a fraction, or as nothing. */
function isSameNumber(sent: unknown, read: unknown): boolean {
  if (Array.isArray(sent)) return Array.isArray(read) && isEqual(sent, read);
  if (sent === "") return read === null;
  return read !== null && Math.trunc(Number(sent)) === Number(read);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A list in an order of its own: that of its elements' texts. */
const asSet = (value: unknown): unknown => (Array.isArray(value) ? value.map(canonical).sort() : value);

export const isEqual = (a: unknown, b: unknown): boolean => canonical(a) === canonical(b);

/** JSON with its keys in order, and each number as its value says, however it was written. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isObject(value))
    return typeof value === "number" ? String(value || 0) : (JSON.stringify(value) ?? "undefined");
  if ("rawJSON" in value) {
    const digits = String(value["rawJSON"]);
    return /^-?\d+$/.test(digits) ? String(BigInt(digits)) : canonical(Number(digits));
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([name, one]) => `${JSON.stringify(name)}:${canonical(one)}`).join()}}`;
}
