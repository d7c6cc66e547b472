import { isShelf, type Shelf } from "../shelf.ts";
import type { Json, OpenSearchClient } from "./client.ts";

/**
 * How the indices of weeks are called. Everything asks for a week by `prefix` and week: at first that is the index itself,
 * and from its second mapping on an alias of the index `v2-` and so on, which no pattern of the prefix finds before it is
 * whole.
 */
export interface Names {
  /** What is asked for a week. */
  ofWeek(week: Shelf): string;
  /** The index of a week with a mapping of that version. */
  ofIndex(week: Shelf, version: number): string;
  /** What finds all weeks. */
  readonly all: string;
  /** The index that says who moves weeks to another mapping. */
  readonly lock: string;
}

export function namesOf(prefix: string): Names {
  const ofWeek = (week: Shelf): string => `${prefix}${week}`;
  return {
    ofWeek,
    ofIndex: (week, version) => (version === 1 ? ofWeek(week) : `v${version}-${ofWeek(week)}`),
    all: `${prefix}*`,
    lock: `lock-${prefix}weeks`,
  };
}

/** The index that has a week, and the version of its mapping. */
export interface Place {
  readonly week: Shelf;
  readonly index: string;
  readonly version: number;
}

/** The weeks there are, oldest first. */
export async function placesOfWeeks(client: OpenSearchClient, names: Names): Promise<Place[]> {
  const found: Json = await client.ask("GET", `/${names.all}/_alias?expand_wildcards=open`);
  return Object.keys(found)
    .flatMap((index) => placeIn(index, names) ?? [])
    .sort((a, b) => (a.week < b.week ? -1 : 1));
}

/** Of the name of an index; undefined where it is none of ours. */
export function placeIn(index: string, names: Names): Place | undefined {
  const [, digits] = /^v(\d+)-/.exec(index) ?? [];
  const name = digits === undefined ? index : index.slice(digits.length + 2);
  const prefix = names.all.slice(0, -1);
  const week = name.slice(prefix.length);
  if (!name.startsWith(prefix) || !isShelf(week)) return undefined;
  return { week, index, version: Number(digits ?? 1) };
}
