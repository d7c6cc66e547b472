import { type FacetTerm, type SearchField, searchFields, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { holdsAll, type Viewer } from "../permissions.ts";
import { type ShareBeside, shareBeside, zOfMany } from "../view/share-beside.ts";
import { ask, daysBefore, exactly, type Query } from "./ask.ts";
import { bucketsOf } from "./buckets.ts";
import type { CrashSource } from "./top-crashers.ts";

/** Which crashes are held against which: those of a signature against all of its product and channel. */
export interface CorrelationsQuery {
  readonly signature: string;
  readonly product: string;
  /** Undefined for all. */
  readonly channel: string | undefined;
  readonly days: number;
  readonly source: CrashSource;
  /** Further filters in the search language; product and channel are not among them. */
  readonly filters: Query;
}

/** A value of a field. */
interface FieldTerm {
  readonly field: string;
  readonly term: string;
}

export interface Correlation extends ShareBeside, FieldTerm {
  /** Values of other fields that as many crashes have, here and among all: most likely the same ones. */
  readonly also: readonly FieldTerm[];
}

export interface Correlations {
  /** The signature's crashes, and all that they are held against. */
  readonly total: number;
  readonly allTotal: number;
  /** How many fields were looked at, of how many. */
  readonly looked: number;
  readonly fields: number;
  /** How many values were held against each other. */
  readonly values: number;
  /** What differs beyond chance, the surest first. */
  readonly found: readonly Correlation[];
}

/** Mappings of which fields have few values; of numbers with many, intervals would tell, not values. */
const enumerable = new Set<SearchField["mapping"]>([
  "keyword",
  "text",
  "semicolons",
  "boolean",
  "short",
  "integer",
]);

/** Numbers of which each value is a name. */
const named = new Set(["build_id"]);

/** The modules on the crashing thread's stack: of what else stands on stacks signatures are made. */
const ofStacks = new Set(["stack_module"]);

/** What has too many values to tell anything, what people or programs write freely, and what signatures are made of. */
const notTelling = new Set([
  ...["product", "release_channel", "productid"],
  ...["signature", "proto_signature", "top_function", "topmost_filenames"],
  ...["uuid", "address", "minidump_sha256_hash", "glean_client_id", "url", "distribution_id"],
  ...["user_comments", "app_notes", "processor_notes", "collector_notes", "dumper_error"],
  ...["java_stack_trace", "java_stack_trace_raw", "mac_crash_info", "graphics_critical_error"],
  ...["async_shutdown_timeout", "quota_manager_shutdown_timeout", "xpcom_spin_event_loop_stack"],
  ...["abort_message", "moz_crash_reason_raw", "soft_errors", "phc_base_address", "phc_alloc_stack"],
  ...["phc_free_stack", "mac_boot_args", "missing_symbols", "crashing_thread", "thread_count"],
  ...["mac_available_memory_sysctl", "stackwalk_version", "submitted_from", "throttleable"],
]);

/** The fields that a viewer may be told correlations of. */
export const correlatedFields = (viewer: Viewer): readonly SearchField[] =>
  searchFields.filter(
    ({ name, mapping, isOfStacks, permissions }) =>
      (isOfStacks ? ofStacks.has(name) : enumerable.has(mapping) || named.has(name)) &&
      !notTelling.has(name) &&
      holdsAll(viewer, permissions),
  );

/** What can be chosen to hold a signature's crashes against: its products, and the channels of each. */
export type CorrelationScopes = ReadonlyMap<string, readonly FacetTerm[]>;

/** The products and channels of a signature's crashes, those with most of them first. */
export async function correlationScopes(
  parts: WebappParts,
  query: Pick<CorrelationsQuery, "signature" | "days" | "source" | "filters">,
): Promise<CorrelationScopes> {
  const found = await ask(parts, [
    ...crashesOf(query, parts.now()),
    ["signature", exactly(query.signature)],
    ["_facets", "product"],
    ["_aggs.product", "release_channel"],
    ["_facets_size", "20"],
    ["_results_number", "0"],
  ]);
  return new Map(
    termsOf(found, "product").map(({ term, facets }) => [String(term), bucketsOf(facets, "release_channel")]),
  );
}

const crashesOf = (
  { source, filters, days }: Pick<CorrelationsQuery, "source" | "filters" | "days">,
  now: Date,
): Query => [["source", source], ...filters, ...daysBefore(days, now)];

/** Fields that one search counts. */
const FIELDS_AT_ONCE = 20;
/** Terms of a field; of more only the most frequent. */
const TERMS = 100;
/** Of many modules of one program all say the same. */
const MOST_OF_A_FIELD = 4;
const MOST_TOLD = 30;
/** Of values that go with another one. */
const MOST_ALSO = 4;
/** After which no further fields are looked at. */
const LIMIT_MS = 10_000;

/** Holds the crashes of a signature against all of its product and channel, field by field, within some seconds. */
export async function correlations(
  parts: WebappParts,
  query: CorrelationsQuery,
  fields: readonly SearchField[],
): Promise<Correlations> {
  const started = performance.now();
  const all: Query = [
    ...crashesOf(query, parts.now()),
    ["product", exactly(query.product)],
    ...(query.channel === undefined ? [] : [["release_channel", exactly(query.channel)] as const]),
    ["_facets_size", String(TERMS)],
    ["_results_number", "0"],
  ];
  const pairs: Pair[] = [];
  let looked = 0;
  let [total, allTotal] = [0, 0];
  while (looked < fields.length && performance.now() - started < LIMIT_MS) {
    const some = fields.slice(looked, looked + FIELDS_AT_ONCE);
    const facets = some.map(({ name }) => ["_facets", name] as const);
    // One after the other: a search may be waited for by a page.
    const here = await ask(parts, [...all, ...facets, ["signature", exactly(query.signature)]]);
    if (here.total === 0)
      return { total: 0, allTotal: 0, looked: 0, fields: fields.length, values: 0, found: [] };
    const beside = await ask(parts, [...all, ...facets]);
    [total, allTotal] = [here.total, beside.total];
    for (const { name } of some) pairs.push(...pairsOf(name, termsOf(here, name), termsOf(beside, name)));
    looked += some.length;
  }
  const z = zOfMany(pairs.length);
  const sure = pairs
    .map(({ field, term, count, allCount }) => ({
      field,
      ...shareBeside(term, { count, total }, { count: allCount, total: allTotal }, z),
    }))
    .filter(({ surely }) => surely > 0)
    .sort((a, b) => b.surely - a.surely);
  // Of yes and no one says both.
  const most = new Map(
    fields.map(({ name, mapping }) => [name, mapping === "boolean" ? 1 : MOST_OF_A_FIELD]),
  );
  const found = together(fewOfEach(sure, most)).slice(0, MOST_TOLD);
  return { total, allTotal, looked, fields: fields.length, values: pairs.length, found };
}

/** How many crashes of the signature and of all have a value. */
interface Pair {
  readonly field: string;
  readonly term: string;
  readonly count: number;
  readonly allCount: number;
}

/** The values that the signature's crashes have, and those frequent ones that they lack. */
function pairsOf(field: string, here: readonly FacetTerm[], all: readonly FacetTerm[]): Pair[] {
  const counts = new Map(all.map(({ term, count }) => [term, count]));
  const own = new Set(here.map(({ term }) => term));
  // A value that is not among the most frequent is at most as frequent as the last of them.
  const least = all.length < TERMS ? 0 : (all.at(-1)?.count ?? 0);
  const isWhole = here.length < TERMS;
  return [
    ...here.map(({ term, count }) => ({
      field,
      term: String(term),
      count,
      allCount: Math.max(count, counts.get(term) ?? least),
    })),
    ...all
      .filter(({ term }) => isWhole && !own.has(term))
      .map(({ term, count }) => ({ field, term: String(term), count: 0, allCount: count })),
  ];
}

type Sure = ShareBeside & FieldTerm;

/** @param most how many values of a field may be told */
function fewOfEach(sure: readonly Sure[], most: ReadonlyMap<string, number>): Sure[] {
  const told = new Map<string, number>();
  return sure.filter(({ field }) => {
    const before = told.get(field) ?? 0;
    told.set(field, before + 1);
    return before < (most.get(field) ?? 0);
  });
}

/** Values that as many crashes have are told as one: a version and its build. */
function together(sure: readonly Sure[]): Correlation[] {
  const alike = Map.groupBy(sure, ({ here, all }) => `${here} ${all}`);
  return [...alike.values()].flatMap(([first, ...others]) =>
    first === undefined
      ? []
      : [
          {
            ...first,
            also: others.slice(0, MOST_ALSO).map(({ field, term }) => ({ field, term })),
          },
        ],
  );
}
