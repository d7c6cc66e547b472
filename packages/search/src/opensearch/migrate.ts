import { setTimeout as pause } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";
import type { Shelf } from "../shelf.ts";
import { type Json, type OpenSearchClient, RefusedError } from "./client.ts";
import { unless, withLock } from "./lock.ts";
import type { WeekMapping } from "./mapping.ts";
import { type Names, type Place, placeIn, placesOfWeeks } from "./names.ts";

/** With fewer writes left to copy, writers are made to wait for the rest. */
const FEW_WRITES = 500;
/** So often what was written meanwhile is copied before writers wait in any case. */
const MOST_PASSES = 10;
const PAGE = 5_000;
const ASK_EVERY_MS = 200;
/** Searches that began with the old index have ended by then. */
const STILL_ASKED_MS = 5_000;

/**
 * Moves the weeks whose mapping is older to the given one, the newest first. Each is copied beside searches and
 * additions; for the last writes of a week others wait, and then its name means the copy at once. One of many processes
 * does it, the others wait until it is done. Who is killed is followed, and goes on.
 * @param signal ends it
 * @returns the weeks that were moved by this call
 * @throws MaydayError SEARCH_UNAVAILABLE, RefusedError; the week is then as it was
 */
export async function migrate(
  client: OpenSearchClient,
  names: Names,
  mapping: WeekMapping,
  signal?: AbortSignal,
): Promise<readonly Shelf[]> {
  const olderOnes = async (): Promise<Place[]> =>
    (await placesOfWeeks(client, names)).filter(({ version }) => version < mapping.version).reverse();
  if ((await olderOnes()).length === 0 && (await leftOver(client, names)).length === 0) return [];
  return withLock(client, names.lock, signal, async (goOn) => {
    const moved: Shelf[] = [];
    for (const place of await olderOnes()) {
      await moveWeek({ client, names, mapping, goOn }, place);
      moved.push(place.week);
    }
    if (moved.length > 0) await pause(STILL_ASKED_MS);
    await goOn();
    for (const index of await leftOver(client, names)) await drop(client, index);
    return moved;
  });
}

/** Indices that a later one took the place of. */
async function leftOver(client: OpenSearchClient, names: Names): Promise<string[]> {
  const live = new Map((await placesOfWeeks(client, names)).map(({ week, version }) => [week, version]));
  const all: Json = await client.ask("GET", `/v*-${names.all}/_alias?expand_wildcards=open`);
  return Object.keys(all).filter((index) => {
    const place = placeIn(index, names);
    return place !== undefined && place.version < (live.get(place.week) ?? 0);
  });
}

export async function drop(client: OpenSearchClient, index: string): Promise<void> {
  await client.ask("DELETE", `/${index}`).catch(unless("index_not_found_exception"));
}

interface Move {
  readonly client: OpenSearchClient;
  readonly names: Names;
  readonly mapping: WeekMapping;
  readonly goOn: () => Promise<void>;
}

async function moveWeek(move: Move, { week, index }: Place): Promise<void> {
  const { client, names, mapping } = move;
  const target = names.ofIndex(week, mapping.version);
  await createCopy(client, index, target, mapping);
  let copied = -1;
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const last = await lastWrite(client, index);
    if (pass > 0 && last - copied <= FEW_WRITES) break;
    await copy(move, index, target, copied);
    copied = last;
  }
  let isMoved = false;
  try {
    // Answers when nothing is being written any more.
    await client.ask("PUT", `/${index}/_block/write`);
    await copy(move, index, target, copied);
    await removeWhatIsGone(move, index, target);
    await client.ask("POST", "/_aliases", { actions: switchOf(week, index, target, names) });
    isMoved = true;
  } finally {
    if (!isMoved) await unblock(client, index);
  }
}

/** With as many copies on other machines as whoever looks after OpenSearch has set for the old one. */
async function createCopy(
  client: OpenSearchClient,
  from: string,
  to: string,
  { index }: WeekMapping,
): Promise<void> {
  const answer: Json = await client.ask("GET", `/${from}/_settings?flat_settings=true`);
  const settings = ((answer[from] as Json)["settings"] ?? {}) as Json;
  const kept = ["index.number_of_replicas", "index.auto_expand_replicas"].filter((name) => name in settings);
  const of = Object.fromEntries(kept.map((name) => [name, settings[name]]));
  const { number_of_replicas: _, ...others } = index.settings;
  await client
    .ask("PUT", `/${to}`, { ...index, settings: { ...others, ...of } })
    .catch(unless("resource_already_exists_exception"));
  // Who was killed may have left it so.
  await unblock(client, from);
}

async function unblock(client: OpenSearchClient, index: string): Promise<void> {
  await client
    .ask("PUT", `/${index}/_settings`, { "index.blocks.write": null })
    .catch(unless("index_not_found_exception"));
}

/** The number of an index's last write. */
async function lastWrite(client: OpenSearchClient, index: string): Promise<number> {
  const answer = await client.ask("GET", `/${index}/_stats?level=shards`);
  const shards = ((answer["indices"] as Json)[index] as Json)["shards"] as Record<string, Json[]>;
  const numbers = Object.values(shards).flatMap((copies) =>
    copies.map((one) => Number(((one["seq_no"] ?? {}) as Json)["max_seq_no"] ?? -1)),
  );
  return Math.max(-1, ...numbers);
}

/** Copies what was written after a write, as long as it takes; what is there already in the same version stays. */
async function copy({ client, goOn }: Move, from: string, to: string, after: number): Promise<void> {
  await client.ask("POST", `/${from}/_refresh`);
  const { task } = await client.ask("POST", "/_reindex?wait_for_completion=false&refresh=true", {
    conflicts: "proceed",
    source: { index: from, query: { range: { _seq_no: { gt: after } } } },
    dest: { index: to, version_type: "external" },
  });
  for (;;) {
    await goOn();
    const answer = await client.ask("GET", `/_tasks/${task}`);
    if (answer["completed"] === true) {
      const failures = ((answer["response"] ?? {}) as Json)["failures"] as Json[] | undefined;
      const failed = answer["error"] ?? failures?.[0];
      if (failed === undefined) return;
      throw new MaydayError("SEARCH_UNAVAILABLE", `${from}: ${JSON.stringify(failed).slice(0, 300)}`);
    }
    await pause(ASK_EVERY_MS);
  }
}

/** Takes out of the copy what was taken out of the old index meanwhile. */
async function removeWhatIsGone({ client, goOn }: Move, from: string, to: string): Promise<void> {
  if ((await countIn(client, from)) === (await countIn(client, to))) return;
  let after: unknown;
  for (;;) {
    const ids = await idsIn(client, to, after);
    if (ids.length === 0) return;
    after = [ids.at(-1)!];
    const answer = await client.ask("POST", `/${from}/_search`, {
      query: { ids: { values: ids } },
      size: PAGE,
      _source: false,
    });
    const kept = new Set(hitsIn(answer).map((hit) => hit["_id"]));
    const gone = ids.filter((id) => !kept.has(id));
    await goOn();
    if (gone.length > 0)
      await client.ask("POST", `/${to}/_delete_by_query?refresh=true&conflicts=proceed`, {
        query: { ids: { values: gone } },
      });
  }
}

async function countIn(client: OpenSearchClient, index: string): Promise<number> {
  return Number((await client.ask("GET", `/${index}/_count`))["count"]);
}

async function idsIn(client: OpenSearchClient, index: string, after: unknown): Promise<string[]> {
  const answer = await client.ask("POST", `/${index}/_search`, {
    size: PAGE,
    sort: [{ uuid: "asc" }],
    _source: false,
    ...(after === undefined ? {} : { search_after: after }),
  });
  return hitsIn(answer).map((hit) => String(hit["_id"]));
}

const hitsIn = (answer: Json): Json[] => ((answer["hits"] as Json)["hits"] ?? []) as Json[];

/** All at once: the first index of a week has the name that is the alias from then on. */
function switchOf(week: Shelf, from: string, to: string, names: Names): readonly Json[] {
  const alias = names.ofWeek(week);
  const old =
    from === alias ? { remove_index: { index: from } } : { remove: { index: from, alias, must_exist: true } };
  return [old, { add: { index: to, alias, is_write_index: true } }];
}

/** Makes the index of a week that has none; fine where another process was faster. */
export async function createWeek(
  client: OpenSearchClient,
  names: Names,
  week: Shelf,
  { version, index }: WeekMapping,
): Promise<void> {
  const [name, alias] = [names.ofIndex(week, version), names.ofWeek(week)];
  // Two of these for one alias are refused: of two processes with different mappings the first one wins.
  const aliases = name === alias ? {} : { aliases: { [alias]: { is_write_index: true } } };
  try {
    await client.ask("PUT", `/${name}`, { ...index, ...aliases });
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    if ((await placesOfWeeks(client, names)).some((place) => place.week === week)) return;
    if (error.type !== "resource_already_exists_exception" || name === alias) throw error;
    // What was left of a move whose week was dropped.
    await client.ask("POST", "/_aliases", {
      actions: [{ add: { index: name, alias, is_write_index: true } }],
    });
  }
}
