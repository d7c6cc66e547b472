import { timestamp } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Notebook } from "@mayday/queue";
import type { FirstSeen, Records } from "@mayday/records";
import type { Filter, Hit, SearchEngine } from "@mayday/search";

export interface FirstSeenParts {
  readonly engine: Pick<SearchEngine, "search">;
  readonly signatures: Pick<Records["signatures"], "see">;
  /** Remembers up to which date crashes were seen. */
  readonly notebook: Pick<Notebook, "read" | "write">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

const PAGE = "first-seen";
/** Crashes of one search. */
const CRASHES = 5000;
/** Searches of one time, for the newest crashes and for the round over all. */
const SEARCHES = 20;
/** Crashes are searchable after they were collected: so far back is looked again, ms. */
const OVERLAP_MS = 3 * 3_600_000;
/** Crashes that are processed again get other signatures: all are looked at again so often, ms. */
const ROUND_MS = 24 * 3_600_000;

/**
 * Learns of the crashes in the index when each signature was seen first, and of which build: the newest crashes each time,
 * and all crashes in a round, a part each time. @returns how many crashes it looked at
 */
export async function seeSignatures(parts: FirstSeenParts, signal?: AbortSignal): Promise<number> {
  const { notebook, metrics, log, now } = parts;
  const noted = await notebook.read(PAGE);
  const newest = await seeFrom(earlier(noted["newest"] ?? "", OVERLAP_MS), parts, signal);
  await notebook.write(PAGE, { newest: newest.until });
  let crashes = newest.crashes;
  const isDue = now().getTime() - Number(noted["roundEndedAt"] ?? 0) >= ROUND_MS;
  if (isDue && !signal?.aborted) {
    const round = await seeFrom(noted["round"] ?? "", parts, signal);
    crashes += round.crashes;
    const ended = round.isAll ? { round: "", roundEndedAt: String(now().getTime()) } : { round: round.until };
    await notebook.write(PAGE, ended);
  }
  if (crashes > 0) {
    metrics.count("scheduler_learned_total", { what: "signature" }, crashes);
    log.info({ crashes, until: newest.until }, "saw the signatures of crashes");
  }
  return crashes;
}

interface Seen {
  readonly crashes: number;
  /** The date of the last one. */
  readonly until: string;
  readonly isAll: boolean;
}

/** Looks at crashes from a date on, the oldest first; empty for all. */
async function seeFrom(
  from: string,
  { engine, signatures }: FirstSeenParts,
  signal: AbortSignal | undefined,
): Promise<Seen> {
  let until = from;
  let crashes = 0;
  for (let search = 0; search < SEARCHES && !signal?.aborted; search++) {
    const hits = await crashesFrom(until, engine);
    crashes += hits.length;
    await signatures.see(hits.flatMap(firstSeen));
    const last = String(hits.at(-1)?.["date"] ?? until);
    if (hits.length < CRASHES) return { crashes, until: last, isAll: true };
    // More of one moment than a search tells: they are passed over.
    until = last === until ? later(until) : last;
  }
  return { crashes, until, isAll: false };
}

async function crashesFrom(from: string, engine: FirstSeenParts["engine"]): Promise<readonly Hit[]> {
  const filter: Filter = from === "" ? { op: "all", of: [] } : { op: ">=", field: "date", value: from };
  const { hits } = await engine.search({
    weeks: undefined,
    filter,
    columns: ["date", "signature", "build_id"],
    sort: [{ field: "date", descending: false }],
    aggregations: [],
    facetsSize: 0,
    facetsOffset: 0,
    limit: CRASHES,
    offset: 0,
    isWeighted: false,
    timeUnit: "microsecond",
  });
  return hits.map((hit) => ({ ...hit, date: fullDate(String(hit["date"])) }));
}

function firstSeen({ signature, build_id: build, date }: Hit): FirstSeen[] {
  if (typeof signature !== "string" || signature === "") return [];
  return [{ signature, firstBuild: build === null ? "" : String(build), firstDate: String(date) }];
}

/** With the fraction that is not shown where it is none: texts then compare as times. */
const fullDate = (date: string): string => (date.includes(".") ? date : date.replace("+", ".000000+"));

/** That much before a date; all there is where there is none. */
function earlier(date: string, ms: number): string {
  return date === "" ? "" : timestamp(new Date(Date.parse(date) - ms));
}

const later = (date: string): string => timestamp(new Date(Date.parse(date) + 1));
