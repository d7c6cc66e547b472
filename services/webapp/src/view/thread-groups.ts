import { type StackRow, stackRows } from "../pages/stack-rows.ts";
import type { ThreadView } from "../pages/threads.ts";

/** Threads whose stacks are equal, function for function. */
export interface ThreadGroup {
  readonly threads: readonly ThreadView[];
  /** How many rows each has. */
  readonly rows: number;
  /** The innermost calls, as a path. */
  readonly path: string;
}

const PATH_CALLS = 3;

/** Folds threads with equal stacks into one group each: the largest group first, else in the dump's order. */
export function threadGroups(threads: readonly ThreadView[]): ThreadGroup[] {
  const groups = new Map<string, { threads: ThreadView[]; rows: number; path: string }>();
  for (const thread of threads) {
    const rows = stackRows(thread.thread, null);
    const key = rows.length === 0 ? `empty ${thread.index}` : rows.map(rowKey).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { threads: [thread], rows: rows.length, path: pathOf(rows) });
    else group.threads.push(thread);
  }
  return [...groups.values()].sort((a, b) => b.threads.length - a.threads.length);
}

/** What makes two calls equal: the function, or where symbols are missing module and offset. */
export const rowKey = (row: StackRow): string =>
  row.kind === "gap" ? `gap ${row.message}` : `${row.trust === "inlined"} ${row.name}`;

function pathOf(rows: readonly StackRow[]): string {
  const names = rows
    .slice(0, PATH_CALLS)
    .map((row) => (row.kind === "gap" ? "…" : row.name.replace(/\(.*$/, "")));
  return names.join(" → ") + (rows.length > PATH_CALLS ? " → …" : "");
}
