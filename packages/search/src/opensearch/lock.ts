import { randomUUID } from "node:crypto";
import { setTimeout as pause } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";
import { type Json, type OpenSearchClient, RefusedError } from "./client.ts";

/** Who has said nothing for so long is taken for dead. */
const LEASE_MS = 60_000;
const ASK_EVERY_MS = 500;

/**
 * Runs work that but one of many processes may do at a time; waits while another does it. Who dies is followed after a
 * minute, by the processes' clocks.
 * @param index where it is noted; made when absent
 * @param signal ends the wait, and the work when it next says that it goes on
 * @param work is given what tells that it goes on, to be called every few seconds: rejects where another one took over
 */
export async function withLock<T>(
  client: OpenSearchClient,
  index: string,
  signal: AbortSignal | undefined,
  work: (goOn: () => Promise<void>) => Promise<T>,
): Promise<T> {
  await client
    .ask("PUT", `/${index}`, { settings: { number_of_shards: 1, number_of_replicas: 0 } })
    .catch(unless("resource_already_exists_exception"));
  const owner = randomUUID();
  let held = await take(client, index, owner, signal);
  const goOn = async (): Promise<void> => {
    signal?.throwIfAborted();
    const next = await write(client, index, owner, held);
    if (next === undefined) throw new MaydayError("SEARCH_UNAVAILABLE", "another process moves the index");
    held = next;
  };
  try {
    return await work(goOn);
  } finally {
    await client.ask("DELETE", `/${index}/_doc/lock?${held}`).catch(() => undefined);
  }
}

/** Waits until the lock is ours. */
async function take(
  client: OpenSearchClient,
  index: string,
  owner: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  for (;;) {
    signal?.throwIfAborted();
    const there = await client.ask("GET", `/${index}/_doc/lock`).catch(notThere);
    const until = Number(((there?.["_source"] ?? {}) as Json)["until"] ?? 0);
    const held =
      until > Date.now()
        ? undefined
        : await write(client, index, owner, there === undefined ? "op_type=create" : stateOf(there));
    if (held !== undefined) return held;
    await pause(ASK_EVERY_MS);
  }
}

/** Notes that the lock is ours for a while, if nobody wrote since. */
async function write(
  client: OpenSearchClient,
  index: string,
  owner: string,
  condition: string,
): Promise<string | undefined> {
  const body = { owner, until: Date.now() + LEASE_MS };
  const answer = await client
    .ask("PUT", `/${index}/_doc/lock?${condition}`, body)
    .catch(unless("version_conflict_engine_exception"));
  return answer === undefined ? undefined : stateOf(answer);
}

const stateOf = (answer: Json): string =>
  `if_seq_no=${answer["_seq_no"]}&if_primary_term=${answer["_primary_term"]}`;

const notThere = (error: unknown): undefined => {
  if (!(error instanceof RefusedError && error.status === 404)) throw error;
};

/** For a refusal that is fine. */
export const unless =
  (...types: readonly string[]) =>
  (error: unknown): undefined => {
    if (!(error instanceof RefusedError && types.includes(error.type))) throw error;
  };
