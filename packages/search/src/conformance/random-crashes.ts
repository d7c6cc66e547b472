import type { SearchDocument } from "../document.ts";
import { searchDocument } from "../document.ts";
import { type SearchField, searchFields } from "../fields.ts";
import { stackFields } from "../stack-fields.ts";
import { anId } from "./open-index.ts";

/** A source of chance that gives the same for the same seed (mulberry32). */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** From 0, 1 not included. */
  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** A whole number below the given one. */
  below = (end: number): number => Math.floor(this.next() * end);
  one = <T>(of: readonly T[]): T => of[this.below(of.length)]!;
  some = <T>(of: readonly T[], most: number): T[] =>
    Array.from({ length: this.below(most + 1) }, () => this.one(of));
  is = (probability: number): boolean => this.next() < probability;
}

const words = [
  "js",
  "JS",
  "mozilla",
  "dom",
  "Foo<T>",
  "OOM",
  "small",
  "a*b",
  "a?b",
  "ünïcode",
  "日本",
  "x_y",
  "foo.dll",
  "1.5",
  "don't",
  "İx",
  "Θες",
  "🦊",
  "back\\slash",
  "per%cent",
  "",
  "146.0b",
  "146.0b3",
  "[x]",
  "a&b",
  '"q"',
];
const joins = [" ", "::", " | ", ";", "/", "", "-"];

const day = (chance: Chance): string => String(chance.below(28) + 1).padStart(2, "0");
const two = (chance: Chance, end: number): string => String(chance.below(end)).padStart(2, "0");

/** A date of November 2026, some at the same moment. */
function randomDate(chance: Chance): string {
  const fraction = chance.one([".000000", ".000001", ".123456", ".999999", ""]);
  return `2026-11-${day(chance)}T${two(chance, 24)}:${chance.one(["00:00", "30:00", "59:59"])}${fraction}+00:00`;
}

const randomText = (chance: Chance): string => chance.some(words, 3).join(chance.one(joins));

function randomValue(field: SearchField, chance: Chance): unknown {
  const whole = () => chance.one([0, 1, 2, -1, 5, 10, 100, 12345, chance.below(30)]);
  switch (field.mapping) {
    case "keyword":
    case "text":
    case "semicolons":
      if (field.isList || chance.is(0.005)) return chance.some(words, 4);
      return randomText(chance);
    case "long":
      return chance.one<unknown>([whole(), whole(), 2 ** 40, "9223372036854775806"]);
    case "integer":
    case "short":
      return chance.is(0.005) ? [1, 2] : whole();
    case "double":
      return chance.one([0, 0.5, 1.5, -3.25, 1e10, 0.1]);
    case "boolean":
      return chance.is(0.5);
    case "date":
      return randomDate(chance);
  }
}

/** Processed crashes with values of all kinds in all fields, as documents. */
export function randomCrashes(chance: Chance, count: number): SearchDocument[] {
  return Array.from({ length: count }, () => {
    const crash: Record<string, unknown> = {
      uuid: anId(),
      date_processed: randomDate(chance),
      collector_metadata: { throttle_percent: chance.one([10, 25, 50, 100]) },
    };
    for (const field of searchFields) {
      if (["uuid", "date"].includes(field.name) || stackFields.includes(field) || chance.is(0.4)) continue;
      putAt(crash, field.path, randomValue(field, chance));
    }
    if (chance.is(0.7)) putAt(crash, ["json_dump", "threads"], randomThreads(chance));
    return searchDocument(crash);
  });
}

/** Threads of a few frames; the crashing one may be none of them. */
const randomThreads = (chance: Chance): unknown[] =>
  Array.from({ length: chance.below(4) }, () => ({
    frames: Array.from({ length: chance.below(6) }, () => ({
      function: chance.is(0.8) ? randomText(chance) : null,
      module: chance.one(["xul.dll", "libc.so.6", "XUL", null]),
      module_offset: chance.one(["0x10", "0x20", null]),
      file: chance.one(["a.cpp", "b/c.rs", null]),
      inlines: chance.is(0.2) ? [{ function: randomText(chance), file: "inl.h" }] : null,
    })),
  }));

function putAt(target: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [name, ...rest] = path as [string, ...string[]];
  if (rest.length === 0) target[name] = value;
  else {
    target[name] ??= {};
    putAt(target[name] as Record<string, unknown>, rest, value);
  }
}

const expressions = [
  "js.*",
  ".*[Oo][Oo].*",
  '.*"a*b".*',
  "a.b",
  "@",
  ".*&.*x.*",
  "<0-20>",
  ".{1,4}",
  "(js|OOM).*",
  "~x",
  "\\w+",
];

/** A search that makes sense: parameters in the language of Super Search. */
export function randomQuery(chance: Chance): [string, string][] {
  const query: [string, string][] = [];
  if (chance.is(0.8)) query.push(["date", `>=2026-11-${day(chance)}`], ["date", "<=2026-11-30"]);
  for (let i = chance.below(4); i > 0; i--) {
    const field = chance.one(chance.is(0.2) ? stackFields : searchFields);
    if (field.name === "date") continue;
    for (let j = 1 + chance.below(2); j > 0; j--) query.push([field.name, randomClause(field, chance)]);
  }
  const names = searchFields.map(({ name }) => name);
  const sortable = searchFields.filter(({ isOfStacks }) => !isOfStacks).map(({ name }) => name);
  const histograms = searchFields.filter(({ query: type }) => ["date", "integer", "float"].includes(type));
  const counted = (): string =>
    chance.one([
      chance.one(names),
      `_cardinality.${chance.one(names)}`,
      `_histogram.${chance.one(histograms).name}`,
    ]);
  for (let i = chance.below(3); i > 0; i--) query.push(["_facets", counted()]);
  if (chance.is(0.3)) query.push([`_aggs.${chance.one(names)}`, counted()]);
  if (chance.is(0.2)) query.push([`_aggs.${chance.one(names)}.${chance.one(names)}`, counted()]);
  if (chance.is(0.2)) query.push([`_histogram.${chance.one(histograms).name}`, counted()]);
  if (chance.is(0.3))
    query.push(["_histogram_interval.date", chance.one(["hour", "week", "month", "1d", "quarter", "year"])]);
  query.push(["_facets_size", String(chance.one([1, 3, 50]))]);
  if (chance.is(0.2)) query.push(["_facets_offset", String(chance.one([1, 4]))]);
  for (let i = chance.below(3); i > 0; i--)
    query.push(["_sort", chance.one(["", "-"]) + chance.one(sortable)]);
  if (chance.is(0.2)) query.push(["_weights", "1"]);
  query.push(["_columns", "uuid"], ["_columns", chance.one(names)]);
  query.push(
    ["_results_number", String(chance.one([0, 5, 50]))],
    ["_results_offset", String(chance.one([0, 0, 7]))],
  );
  return query;
}

function randomClause(field: SearchField, chance: Chance): string {
  const not = chance.is(0.25) ? "!" : "";
  if (chance.is(0.15)) return `${not}__null__`;
  switch (field.validation) {
    case "str": {
      const operator = chance.one(["", "=", "~", "^", "$", "@"]);
      return not + operator + (operator === "@" ? chance.one(expressions) : randomText(chance));
    }
    case "int":
      return not + chance.one(["", ">", ">=", "<", "<="]) + String(chance.one([0, 1, 5, 10, 20]));
    case "float":
      return not + chance.one(["", ">", ">=", "<", "<="]) + String(chance.one([0, 0.5, 1.5, 100]));
    case "datetime":
      return not + chance.one([">", ">=", "<", "<="]) + randomDate(chance);
    case "bool":
      return not + chance.one(["__true__", "true", "false"]);
    default:
      return not + randomText(chance);
  }
}
