import { setTimeout as sleep } from "node:timers/promises";
import { withWebapp } from "../jobs/webapp-client.ts";
import type { OpenRecords } from "../records/with-records.ts";

export interface QueuesOptions {
  readonly json?: true;
  readonly watch?: true;
  readonly url?: string;
  readonly token?: string;
}

/** A queue as the API tells it. */
export interface QueueJson {
  readonly waiting: number;
  readonly delayed: number;
  readonly active: number;
  readonly failed: number;
  readonly oldest_seconds: number;
}

type States = Readonly<Record<string, QueueJson>>;

const EVERY_MS = 2000;
const CLEAR = "\u001b[2J\u001b[H";

/** Shows how the queues stand; with `watch`, until it is interrupted. */
export async function queues(options: QueuesOptions, open: OpenRecords): Promise<void> {
  await withWebapp(options, ["manage_jobs"], open, async (client) => {
    do {
      const { states } = await client.get<{ states: States }>("Jobs");
      const text = options.json ? JSON.stringify(states) : queuesTable(states);
      console.log(options.watch && process.stdout.isTTY && !options.json ? CLEAR + text : text);
      if (options.watch) await sleep(EVERY_MS);
    } while (options.watch);
  });
}

/** The queues as a table for the terminal. */
export function queuesTable(states: States): string {
  const rows = Object.entries(states).map(([name, queue]) => [
    name,
    ...[queue.waiting, queue.delayed, queue.active, queue.failed].map(String),
    queue.waiting === 0 ? "-" : age(queue.oldest_seconds),
  ]);
  const all = [["queue", "waiting", "delayed", "active", "failed", "oldest"], ...rows];
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  return all
    .map(([name = "", ...cells]) =>
      [name.padEnd(widths[0]!), ...cells.map((cell, index) => cell.padStart(widths[index + 1]!))].join("  "),
    )
    .join("\n");
}

function age(seconds: number): string {
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}
