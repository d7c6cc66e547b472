import type { SourceLinks } from "@mayday/symbols";
import { type StackRow, stackRows } from "../pages/stack-rows.ts";
import type { ThreadView } from "../pages/threads.ts";

/** Threads whose stacks are equal, function for function. */
export interface ThreadGroup {
  readonly threads: readonly ThreadView[];
  readonly rows: readonly StackRow[];
  /** The innermost calls, as a path. */
  readonly path: string;
}

const PATH_CALLS = 3;

/** Folds threads with equal stacks into one group each: the largest group first, else in the dump's order. */
export function threadGroups(threads: readonly ThreadView[], links?: SourceLinks): ThreadGroup[] {
  const groups = new Map<string, { threads: ThreadView[]; rows: readonly StackRow[] }>();
  for (const thread of threads) {
    const rows = stackRows(thread.thread, links);
    const key = rows.length === 0 ? `empty ${thread.index}` : rows.map(rowKey).join("\n");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { threads: [thread], rows });
    else group.threads.push(thread);
  }
  return [...groups.values()]
    .map((group) => ({ ...group, path: pathOf(group.rows) }))
    .sort((a, b) => b.threads.length - a.threads.length);
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
