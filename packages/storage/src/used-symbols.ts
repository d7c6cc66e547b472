import { randomUUID } from "node:crypto";
import type { ObjectStore } from "./object-store.ts";
import type { SymbolKey, SymbolTree } from "./symbol-storage.ts";

/** Modules that one process notes of a week; more are hardly in use at once. */
const MOST_MODULES = 100_000;
const WEEK_MS = 7 * 24 * 3600 * 1000;
const PREFIX = "uploads/used/";

/** A module of a tree of symbols. */
export type UsedModule = Pick<SymbolKey, "debugFile" | "debugId"> & { readonly tree: SymbolTree };

/** Notes which symbols were asked for, so that those are kept. */
export interface UsedSymbols {
  note(module: UsedModule): void;
  /** Saves what is not saved yet. */
  flush(): Promise<void>;
}

/** A module's name among those in use. */
export function usedName({ tree, debugFile, debugId }: UsedModule): string {
  return `${tree}/${debugFile}/${debugId.toUpperCase()}`;
}

/** Symbols in use as JSON objects beside the symbols, `uploads/used/<week>/<process>.json`: each process writes its own. */
export function usedSymbols(store: ObjectStore, now: () => number = Date.now): UsedSymbols {
  const own = randomUUID();
  let week = weekOf(now());
  let names = new Set<string>();
  let saved = 0;
  return {
    note(module) {
      if (names.size < MOST_MODULES) names.add(usedName(module));
    },
    async flush() {
      const [was, all] = [week, [...names]];
      if (weekOf(now()) !== was) {
        week = weekOf(now());
        names = new Set();
        saved = 0;
      } else if (all.length === saved) return;
      await store.put(`${PREFIX}${was}/${own}.json`, Buffer.from(JSON.stringify(all)));
      if (week === was) saved = all.length;
    },
  };
}

/** Names of modules that were in use since a time, ms since 1970. */
export async function usedSince(
  store: Pick<ObjectStore, "list" | "get">,
  since: number,
): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  for await (const { key } of store.list(PREFIX)) {
    if (weekOfKey(key) < weekOf(since)) continue;
    const bytes = await store.get(key);
    if (bytes === undefined) continue;
    for (const name of JSON.parse(bytes.toString("utf8")) as string[]) names.add(name);
  }
  return names;
}

/** Removes the notes from before a time, ms since 1970. */
export async function forgetUsed(store: Pick<ObjectStore, "list" | "delete">, before: number): Promise<void> {
  const old: string[] = [];
  for await (const { key } of store.list(PREFIX)) if (weekOfKey(key) < weekOf(before)) old.push(key);
  if (old.length > 0) await store.delete(old);
}

const weekOf = (time: number) => Math.floor(time / WEEK_MS);
const weekOfKey = (key: string) => Number(key.slice(PREFIX.length).split("/")[0]);
