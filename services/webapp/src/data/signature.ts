import type { FirstSeen, Trend } from "@mayday/records";
import { type FacetTerm, type Hit, type SearchResult, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { risen } from "../view/rise.ts";
import { type ShareBeside, shareBeside } from "../view/share-beside.ts";
import type { ShareChange } from "../view/share-change.ts";
import { compareVersions } from "../view/versions.ts";
import { ask, daysBefore, exactly, perDay, type Query } from "./ask.ts";
import { bucketsOf, numberOf } from "./buckets.ts";
import type { CrashSource } from "./top-crashers.ts";

/** Which crashes of which signature. */
export interface SignatureQuery {
  readonly signature: string;
  readonly days: number;
  readonly source: CrashSource;
  /** Further filters in the search language, as the address has them. */
  readonly filters: Query;
  /** Whether the viewer may see what people wrote. */
  readonly mayReadComments: boolean;
  /** Of which field the reader wants the values, too. */
  readonly aggregation: string | undefined;
}

/** What the crashes are broken down by, beside all crashes that the filters leave. */
export const breakdowns = {
  platform_pretty_version: "Platform",
  version: "Version",
  process_type: "Process",
  cpu_arch: "Architecture",
  reason: "Reason",
  adapter_vendor_id: "Graphics vendor",
} as const;

type Breakdown = keyof typeof breakdowns;

const hitColumns = [
  "uuid",
  "date",
  "product",
  "version",
  "build_id",
  "platform_pretty_version",
  "uptime",
  "reason",
  "address",
] as const;

export interface SignatureCrashes {
  readonly total: number;
  readonly allTotal: number;
  /** The product that all crashes are of; undefined where there are several. */
  readonly product: string | undefined;
  readonly installs: number;
  /** By day, the last one today. */
  readonly perDay: readonly number[];
  readonly breakdowns: Readonly<Record<Breakdown | "uptime", readonly ShareBeside[]>>;
  readonly stacks: readonly { readonly stack: string; readonly count: number }[];
  readonly stackCount: number;
  /** Of the field that was asked for. */
  readonly aggregation: readonly FacetTerm[];
  readonly hits: readonly Hit[];
  /** Counts by build id and by version, in their order. */
  readonly byBuild: readonly FacetTerm[];
  readonly byVersion: readonly FacetTerm[];
  /** What people wrote, the newest first; undefined for who may not see it. */
  readonly comments: readonly Hit[] | undefined;
  readonly commentCount: number;
  readonly firstSeen: FirstSeen | undefined;
  readonly bugs: readonly string[];
  /** What became of it by the last full day, by product and source. */
  readonly trends: readonly Trend[];
  /** By the week before, of full weeks: undefined where there is too little to tell. */
  readonly rise: ShareChange | undefined;
}

const SHOWN = 50;
/** Stacks that the page shows: a search lists all. */
const MOST_STACKS = 20;

/** Asks for the signature's crashes and, to compare, for all that the filters leave, in one round. */
export async function signatureCrashes(parts: WebappParts, query: SignatureQuery): Promise<SignatureCrashes> {
  const now = parts.now();
  const scope: Query = [["source", query.source], ...query.filters, ...daysBefore(query.days, now)];
  const ofSignature: Query = [["signature", exactly(query.signature)]];
  const facets: Query = Object.keys(breakdowns).map((name) => ["_facets", name] as const);
  const uptime: Query = [
    ["_facets", "_histogram.uptime"],
    ["_histogram_interval.uptime", "60"],
  ];
  const columns: Query = hitColumns.map((name) => ["_columns", name] as const);
  const own: Query = [
    ["_facets", "proto_signature"],
    ["_facets", "_histogram.date"],
    ["_facets", "_cardinality.install_time"],
    ["_facets", "_cardinality.proto_signature"],
    ...(query.aggregation === undefined ? [] : ([["_facets", query.aggregation]] as Query)),
    ["_facets", "build_id"],
    ["_facets", "product"],
    ["_facets_size", "60"],
    ["_sort", "-date"],
    ["_results_number", String(SHOWN)],
  ];
  const [here, all, comments, month, known] = await Promise.all([
    ask(parts, [...ofSignature, ...scope, ...facets, ...uptime, ...columns, ...own]),
    ask(parts, [...scope, ...facets, ...uptime, ["_facets_size", "200"], ["_results_number", "0"]]),
    query.mayReadComments ? ask(parts, [...ofSignature, ...scope, ...commented]) : undefined,
    ask(parts, [
      ...ofSignature,
      ["source", query.source],
      ...query.filters,
      ...monthly,
      ...daysBefore(RISE_DAYS, now),
    ]),
    recorded(parts, query),
  ]);
  const shares = (field: string) =>
    sharesBeside(termsOf(here, field), here.total, termsOf(all, field), all.total);
  return {
    total: here.total,
    allTotal: all.total,
    product: onlyTerm(termsOf(here, "product")),
    installs: numberOf(here.facets, "cardinality_install_time"),
    perDay: perDay(bucketsOf(here.facets, "histogram_date"), query.days, now),
    breakdowns: {
      ...(Object.fromEntries(
        Object.keys(breakdowns).map((field) => [field, shares(field).slice(0, 5)]),
      ) as Record<Breakdown, ShareBeside[]>),
      uptime: uptimeShares(here, all),
    },
    stacks: termsOf(here, "proto_signature")
      .slice(0, MOST_STACKS)
      .map(({ term, count }) => ({ stack: String(term), count })),
    stackCount: numberOf(here.facets, "cardinality_proto_signature"),
    aggregation: query.aggregation === undefined ? [] : termsOf(here, query.aggregation),
    hits: here.hits,
    byBuild: inOrder(termsOf(here, "build_id"), (a, b) => Number(a) - Number(b)),
    byVersion: inOrder(termsOf(here, "version"), compareVersions),
    comments: comments?.hits,
    commentCount: comments?.total ?? 0,
    ...known,
    rise: risen(perDay(bucketsOf(month.facets, "histogram_date"), RISE_DAYS, now)),
  };
}

function onlyTerm(terms: readonly FacetTerm[]): string | undefined {
  return terms.length === 1 ? String(terms[0]?.term) : undefined;
}

const MOST_COMMENTS = 50;
const commented: Query = [
  ["user_comments", "!__null__"],
  ...["uuid", "date", "user_comments", "version", "useragent_locale"].map(
    (name) => ["_columns", name] as const,
  ),
  ["_sort", "-date"],
  ["_facets_size", "0"],
  ["_results_number", String(MOST_COMMENTS)],
];
/** Four weeks: of whole weeks each has every weekday once. */
const RISE_DAYS = 28;
const monthly: Query = [
  ["_facets", "_histogram.date"],
  ["_facets_size", "1"],
  ["_results_number", "0"],
];

/** What the records know of a signature; a page does without them. */
async function recorded({ records, log }: WebappParts, { signature, source }: SignatureQuery) {
  try {
    const [[firstSeen], bugs, trends] = await Promise.all([
      records.signatures.get([signature]),
      records.bugs.bySignatures([signature]),
      records.trends.list({ signatures: [signature], source: source === "both" ? undefined : source }),
    ]);
    return { firstSeen, bugs: bugs.map(({ bug }) => bug), trends };
  } catch (error) {
    log.warn({ err: error }, "a signature's page goes without records");
    return { firstSeen: undefined, bugs: [], trends: [] };
  }
}

function inOrder(terms: readonly FacetTerm[], compare: (a: string, b: string) => number): FacetTerm[] {
  return terms.filter(({ term }) => term !== "").toSorted((a, b) => compare(String(a.term), String(b.term)));
}

function sharesBeside(
  here: readonly FacetTerm[],
  total: number,
  all: readonly FacetTerm[],
  allTotal: number,
): ShareBeside[] {
  const counts = new Map(all.map(({ term, count }) => [term, count]));
  return here.map(({ term, count }) =>
    shareBeside(String(term), { count, total }, { count: counts.get(term) ?? count, total: allTotal }),
  );
}

const uptimes = [
  ["under 1 min", 0, 60],
  ["1 to 5 min", 60, 300],
  ["5 to 15 min", 300, 900],
  ["15 to 60 min", 900, 3600],
  ["over 1 hour", 3600, Number.POSITIVE_INFINITY],
] as const;

function uptimeShares(here: SearchResult, all: SearchResult): ShareBeside[] {
  const within = (result: SearchResult, from: number, to: number) =>
    bucketsOf(result.facets, "histogram_uptime")
      .filter(({ term }) => Number(term) >= from && Number(term) < to)
      .reduce((sum, { count }) => sum + count, 0);
  return uptimes.map(([name, from, to]) =>
    shareBeside(
      name,
      { count: within(here, from, to), total: here.total },
      { count: within(all, from, to), total: all.total },
    ),
  );
}
