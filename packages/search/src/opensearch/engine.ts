import { setTimeout as pause } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";
import { badSearch } from "../bad-parameter.ts";
import type { SearchDocument } from "../document.ts";
import type { Hit, SearchEngine, SearchResult } from "../engine.ts";
import type { QueryPlan } from "../query-plan.ts";
import { isOfPings, missingWeeks, shelfOf, shelvesAsked, weekOfShelf } from "../shelf.ts";
import { facetsOf, hitOf } from "./answers.ts";
import { type Json, type OpenSearchClient, openSearchClient, RefusedError } from "./client.ts";
import { MADE_AS, madeAs, termName, WEIGHT, type WeekMapping, weekMapping } from "./mapping.ts";
import { createWeek, drop, migrate } from "./migrate.ts";
import { type Names, namesOf, placeIn, placesOfWeeks } from "./names.ts";
import { aggregationsOf, queryOf } from "./query.ts";

export interface OpenSearchOptions {
  /** Address of OpenSearch. */
  readonly url: string;
  /** What the names of the weekly indices begin with; small letters. Default `mayday-`. */
  readonly prefix?: string;
  /** Whether a crash whose date moved to another week stays in the old one too, as in Crash Stats' indices. Default false. */
  readonly isKeptByWeek?: boolean;
  /** What weeks are made with and moved to. Default that of this Mayday. */
  readonly mapping?: WeekMapping;
}

/** The search engine for any number of processes: OpenSearch, an index a week. */
export interface OpenSearchEngine extends SearchEngine {
  /** Drops every week before this one (`YYYYWW`), and answers which those were. */
  dropWeeksBefore(week: string): Promise<string[]>;
  /** Moves weeks of an older mapping to this one's, beside all other work: see {@link migrate}. */
  migrate(signal?: AbortSignal): Promise<readonly string[]>;
}

/** OpenSearch gives no more hits by their position. */
const WINDOW = 10_000;

/** An engine over OpenSearch. Nothing is asked of it yet: `check` tells whether it answers. */
export function openOpenSearchEngine({
  url,
  prefix = "mayday-",
  isKeptByWeek = false,
  mapping = weekMapping,
}: OpenSearchOptions): OpenSearchEngine {
  const client = openSearchClient(url);
  const underWay = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const run = async <T>(work: () => Promise<T>): Promise<T> => {
    if (closing !== undefined) throw new MaydayError("SEARCH_UNAVAILABLE", "the engine is closed");
    const running = work().catch((error: unknown) => {
      throw asMaydayError(error);
    });
    underWay.add(running);
    return running.finally(() => underWay.delete(running));
  };
  const names = namesOf(prefix);
  const indexOf = names.ofWeek;
  const weeks = async (): Promise<string[]> => (await placesOfWeeks(client, names)).map(({ week }) => week);
  const places = { weeks, names, isKeptByWeek, mapping };
  return {
    add: (documents) => run(() => add(client, documents.map(onItsShelf), places)),
    search: (plan) => run(() => onceMore(async () => search(client, plan, await weeks(), indexOf))),
    has: (ids) => run(() => has(client, names, ids)),
    outdated: (version, after, most) =>
      run(async () => {
        const ofReports = (await weeks()).filter((week) => !isOfPings(week));
        if (ofReports.length === 0) return [];
        return outdated(client, ofReports.map(indexOf).join(","), { version, after, most });
      }),
    remove: (ids) => run(() => remove(client, names, ids)),
    async check() {
      await run(() => client.ask("GET", `/${prefix}*/_search?size=0&allow_no_indices=true`));
    },
    dropWeeksBefore: (before) =>
      run(async () => {
        const dropped = (await weeks()).filter((week) => weekOfShelf(week) < before);
        const there = await placesOfWeeks(client, names);
        for (const { week, index } of there) if (dropped.includes(week)) await drop(client, index);
        return dropped;
      }),
    migrate: (signal) => run(() => migrate(client, names, mapping, signal)),
    close() {
      closing ??= Promise.allSettled(underWay).then(() => undefined);
      return closing;
    },
  };
}

/** What was asked of an index that was moved or dropped meanwhile is asked again. */
async function onceMore<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (!(error instanceof RefusedError && error.status === 404)) throw error;
    return ask();
  }
}

function asMaydayError(error: unknown): MaydayError {
  if (error instanceof MaydayError) return error;
  const why = error instanceof Error ? error.message : String(error);
  if (error instanceof RefusedError && error.status === 400) return badSearch(why.slice(0, 300));
  return new MaydayError("SEARCH_UNAVAILABLE", why, { cause: error });
}

interface Places {
  readonly weeks: () => Promise<string[]>;
  readonly names: Names;
  readonly isKeptByWeek: boolean;
  readonly mapping: WeekMapping;
}

/** Later writes of a crash have larger versions, whichever process makes them: a late one of an older version loses. */
let lastVersion = 0;
const nextVersion = (): number => {
  lastVersion = Math.max(lastVersion + 1, Date.now() * 1000);
  return lastVersion;
};

const onItsShelf = (document: SearchDocument): SearchDocument => ({ ...document, week: shelfOf(document) });

async function add(
  client: OpenSearchClient,
  documents: readonly SearchDocument[],
  places: Places,
): Promise<void> {
  if (documents.length === 0) return;
  const { weeks, names, isKeptByWeek, mapping } = places;
  const indexOf = names.ofWeek;
  const there = new Set(await weeks());
  for (const week of new Set(documents.map((document) => document.week))) {
    if (!there.has(week)) await createWeek(client, names, week, mapping);
  }
  // An index that another process has just made does not answer at once.
  await client.ask("GET", `/_cluster/health/${indexOf("")}*?wait_for_status=yellow&timeout=30s`);
  const keyOf = ({ uuid, week }: SearchDocument) => (isKeptByWeek ? `${uuid} ${week}` : uuid);
  const newest = [...new Map(documents.map((document) => [keyOf(document), document])).values()];
  const lines: Json[] = [];
  for (const { uuid, week, fields, weight, version } of newest) {
    const document = { ...fields, [WEIGHT]: weight, [MADE_AS]: version };
    const at = { _index: indexOf(week), _id: uuid, version: nextVersion(), version_type: "external" };
    lines.push({ index: at }, document);
  }
  if (!isKeptByWeek) {
    const home = new Map(newest.map(({ uuid, week }) => [uuid as string, week]));
    const found = await placesOf(
      client,
      names,
      newest.map(({ uuid }) => uuid),
    );
    for (const [week, id] of found) {
      if (home.get(id) !== week) lines.push({ delete: { _index: indexOf(week), _id: id } });
    }
  }
  await bulk(client, lines);
}

/** How long a write waits while its week is moved to another index, at most. */
const MOVE_LIMIT_MS = 60_000;
const MOVE_PAUSE_MS = 200;

/**
 * Has OpenSearch do several things, and looks what became of each: the answer as a whole is a success in any case. All of
 * it is done again where something of it was for a week that is being moved: what was done then has its version already.
 */
async function bulk(client: OpenSearchClient, lines: readonly Json[]): Promise<void> {
  const until = Date.now() + MOVE_LIMIT_MS;
  for (;;) {
    const answer = await client.ask("POST", "/_bulk?refresh=true", lines);
    if (answer["errors"] !== true) return;
    const items = (answer["items"] as Record<string, BulkItem>[]).flatMap(Object.entries<BulkItem>);
    // Somebody wrote a newer version meanwhile, or deleted what we were to delete.
    const isFine = (what: string, status: number): boolean =>
      status < 300 || status === 409 || (what === "delete" && status === 404);
    const failed = items.filter(([what, { status }]) => !isFine(what, status)).map(([, item]) => item);
    if (failed.length === 0) return;
    const other = failed.find(({ error }) => !isOfMove(error?.type));
    if (other !== undefined || Date.now() > until)
      throw new MaydayError("SEARCH_UNAVAILABLE", failed[0]?.error?.reason ?? "a document was refused");
    await pause(MOVE_PAUSE_MS);
  }
}

interface BulkItem {
  readonly status: number;
  readonly error?: { readonly type?: string; readonly reason?: string };
}

/** Written to an index that is blocked for its last copy, or gone since. */
const isOfMove = (type: string | undefined): boolean =>
  type === "cluster_block_exception" || type === "index_not_found_exception";

async function remove(client: OpenSearchClient, names: Names, ids: readonly string[]): Promise<void> {
  const found = await placesOf(client, names, ids);
  if (found.length === 0) return;
  await bulk(
    client,
    found.map(([week, id]): Json => ({ delete: { _index: names.ofWeek(week), _id: id } })),
  );
}

/** In which weeks crashes are. */
async function placesOf(
  client: OpenSearchClient,
  names: Names,
  ids: readonly string[],
): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for (let at = 0; at < ids.length; at += 1000) {
    const answer = await client.ask("POST", `/${names.all}/_search?allow_no_indices=true`, {
      query: { ids: { values: ids.slice(at, at + 1000) } },
      _source: false,
      size: WINDOW,
    });
    for (const hit of hitsIn(answer)) {
      const place = placeIn(String(hit["_index"]), names);
      if (place !== undefined) found.push([place.week, String(hit["_id"])]);
    }
  }
  return found;
}

async function has(client: OpenSearchClient, names: Names, ids: readonly string[]): Promise<Set<string>> {
  return new Set((await placesOf(client, names, ids)).map(([, id]) => id));
}

async function outdated(
  client: OpenSearchClient,
  indices: string,
  { version, after, most }: { readonly version: number; readonly after: string; readonly most: number },
): Promise<string[]> {
  // Indices of an older Mayday do not index the version; what is added from now on has it.
  await client.ask("PUT", `/${indices}/_mapping`, { properties: madeAs });
  const answer = await client.ask("POST", `/${indices}/_search`, {
    query: { bool: { must_not: [{ range: { [MADE_AS]: { gte: version } } }] } },
    sort: [{ uuid: "asc" }],
    size: most,
    _source: false,
    ...(after === "" ? {} : { search_after: [after] }),
  });
  return hitsIn(answer).map((hit) => String(hit["_id"]));
}

const hitsIn = (answer: Json): Json[] => ((answer["hits"] as Json)["hits"] ?? []) as Json[];

async function search(
  client: OpenSearchClient,
  plan: QueryPlan,
  there: readonly string[],
  indexOf: (week: string) => string,
): Promise<SearchResult> {
  const weeks = shelvesAsked(there, plan);
  const errors = missingWeeks(weeks, plan);
  if (weeks.length === 0) return { hits: [], total: 0, facets: {}, errors };
  const path = `/${weeks.map(indexOf).join(",")}/_search?allow_partial_search_results=false`;
  const query = queryOf(plan.filter);
  const answer = await client.ask("POST", path, {
    query,
    size: 0,
    track_total_hits: true,
    aggs: {
      ...aggregationsOf(plan.aggregations, plan),
      ...(plan.isWeighted ? { [WEIGHT]: { sum: { field: WEIGHT } } } : {}),
    },
  });
  const total = Number(((answer["hits"] as Json)["total"] as Json)["value"]);
  const answers = (answer["aggregations"] ?? {}) as Json;
  return {
    hits: plan.limit === 0 || total <= plan.offset ? [] : await hitsOf(client, path, query, plan),
    total: plan.isWeighted ? Number((answers[WEIGHT] as Json)["value"]) : total,
    ...(plan.isWeighted ? { weights: true } : {}),
    facets: facetsOf(answers, plan.aggregations, plan, plan.facetsOffset),
    errors,
  };
}

/** A page of hits; one beyond the window is reached by going on behind the last hit of each window. */
async function hitsOf(
  client: OpenSearchClient,
  path: string,
  query: object,
  plan: QueryPlan,
): Promise<Hit[]> {
  const sort = [
    ...plan.sort.map(({ field, descending }) => ({
      [termName(field, plan)]: { order: descending ? "desc" : "asc", missing: "_last" },
    })),
    { "date.full": "desc" },
    { uuid: "asc" },
  ];
  const page = async (size: number, after: unknown, from: number, source: boolean | readonly string[]) =>
    hitsIn(
      await client.ask("POST", path, {
        query,
        sort,
        size,
        from,
        _source: source,
        track_total_hits: false,
        ...(after === undefined ? {} : { search_after: after }),
      }),
    );
  let after: unknown;
  let left = plan.offset;
  while (left + plan.limit > WINDOW && left > 0) {
    const size = Math.min(WINDOW, left);
    const passed = await page(size, after, 0, false);
    if (passed.length < size) return [];
    after = passed.at(-1)!["sort"];
    left -= size;
  }
  const hits = await page(plan.limit, after, after === undefined ? left : 0, plan.columns);
  return hits.map((hit) => hitOf((hit["_source"] ?? {}) as Json, plan.columns));
}
