import { MaydayError } from "@mayday/errors";
import type { OpenRecords } from "../records/with-records.ts";
import { type ClientOptions, withWebapp } from "./webapp-client.ts";

/** A bulk job as the API tells it. */
export interface BulkJobJson {
  readonly id: string;
  readonly state: string;
  readonly what: string;
  readonly total: number;
  readonly done: number;
  readonly failed: number;
  readonly changed: number;
  readonly rate: number;
  readonly created: string;
  readonly by: string;
}

interface CrashJson {
  readonly crash_id: string;
  readonly queue: string;
  readonly reason: string;
  readonly attempts: number;
  readonly when: string;
}

interface JobsJson {
  readonly queues: Readonly<Record<string, Readonly<Record<string, number>>>>;
  readonly set_aside: readonly CrashJson[];
  readonly waiting: readonly CrashJson[];
  readonly bulk: readonly BulkJobJson[];
}

type Listing = ClientOptions & { readonly json?: true };

const jobsOf = (options: ClientOptions, open: OpenRecords) =>
  withWebapp(options, ["manage_jobs"], open, (client) => client.get<JobsJson>("Jobs"));

export async function listJobs(options: Listing, open: OpenRecords): Promise<void> {
  const { queues, bulk } = await jobsOf(options, open);
  if (options.json) return console.log(JSON.stringify({ queues, bulk }));
  for (const [name, counts] of Object.entries(queues)) {
    const told = Object.entries(counts).filter(([, count]) => count > 0);
    console.log(
      `${name.padEnd(16)} ${told.map(([state, count]) => `${count} ${state}`).join(", ") || "empty"}`,
    );
  }
  for (const job of bulk) console.log(bulkLine(job));
}

/** A bulk job in one line. */
export function bulkLine({ id, state, what, total, done, failed, changed }: BulkJobJson): string {
  const failures = failed > 0 ? `, ${failed} failed` : "";
  return `${id}  ${state}  ${done} of ${total} done, ${changed} with another signature${failures}  ${what}`;
}

export async function listFailed(options: Listing, open: OpenRecords): Promise<void> {
  const { set_aside, waiting } = await jobsOf(options, open);
  const rows = [
    ...set_aside.map((crash) => ({ state: "set aside", ...crash })),
    ...waiting.map((crash) => ({ state: "waiting", ...crash })),
  ];
  for (const row of rows) {
    const line = `${row.crash_id}  ${row.state}  ${row.when}  ${row.attempts} attempts  ${row.queue}  ${row.reason}`;
    console.log(options.json ? JSON.stringify(row) : line);
  }
}

export async function changeFailed(
  action: "retry" | "discard",
  ids: readonly string[],
  options: ClientOptions & { readonly all?: true },
  open: OpenRecords,
): Promise<void> {
  if ((options.all === true) === ids.length > 0)
    throw new MaydayError("USAGE", `jobs ${action} wants crash ids, or --all`);
  const form = new URLSearchParams({ action });
  if (options.all) form.set("all", "true");
  for (const id of ids) form.append("crash_ids", id);
  const { count } = await withWebapp(options, ["manage_jobs"], open, (client) =>
    client.post<{ count: number }>("ChangeJobs", form),
  );
  console.log(`${count} ${action === "retry" ? "are tried again" : "discarded"}`);
  // Ran, and none of those that were named was there.
  if (count < ids.length) process.exitCode = 1;
}

export async function changeBulkJob(
  action: string,
  id: string,
  options: ClientOptions,
  open: OpenRecords,
): Promise<void> {
  const form = new URLSearchParams({ action, id });
  const job = await withWebapp(options, ["manage_jobs"], open, (client) =>
    client.post<BulkJobJson>("ChangeJobs", form),
  );
  console.log(bulkLine(job));
}

export async function deleteClient(
  options: ClientOptions & { readonly clientId: string },
  open: OpenRecords,
): Promise<void> {
  const form = new URLSearchParams({ client_id: options.clientId });
  await withWebapp(options, ["manage_jobs"], open, (client) => client.post("DeleteClient", form));
  console.log("deletion asked for; `mayday deletions` tells how much was deleted");
}

interface DeletionsJson {
  readonly hits: readonly {
    readonly client_sha256: string;
    readonly who: string;
    readonly asked: string;
    readonly done: string | null;
    readonly crashes: number;
    readonly pings: number;
  }[];
}

export async function listDeletions(
  options: Listing & { readonly clientId?: string },
  open: OpenRecords,
): Promise<void> {
  const query: Record<string, string> = options.clientId === undefined ? {} : { client_id: options.clientId };
  const { hits } = await withWebapp(options, ["manage_jobs"], open, (client) =>
    client.get<DeletionsJson>("Deletions", query),
  );
  if (options.json) console.log(JSON.stringify(hits));
  else
    for (const { who, asked, done, crashes, pings } of hits)
      console.log(
        `${asked}  ${done === null ? "open" : `done ${done}`}  ${crashes} crashes, ${pings} pings  ${who}`,
      );
}
