import { termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { compareVersions } from "../view/versions.ts";
import { ask, type Query, valueAsked } from "./ask.ts";

/** What pages are narrowed down by most, as their forms call it. */
export const simpleFilters = {
  product: "Product",
  version: "Version",
  platform: "Platform",
  process_type: "Process",
} as const;

export type SimpleFilter = keyof typeof simpleFilters;

/** The values that crashes have, to choose from. */
export type FilterChoices = Readonly<Record<SimpleFilter, readonly string[]>>;

const names = Object.keys(simpleFilters) as readonly SimpleFilter[];
/** Of a field that has more values the most frequent ones are offered. */
const MOST_CHOICES = 60;

/** The values of the crashes that a search finds: the most frequent first, versions the newest first. */
export async function filterChoices(parts: WebappParts, search: Query): Promise<FilterChoices> {
  const found = await ask(parts, [
    ...search,
    ...names.map((name) => ["_facets", name] as const),
    ["_facets_size", String(MOST_CHOICES)],
    ["_results_number", "0"],
  ]);
  const values = (name: SimpleFilter) =>
    termsOf(found, name)
      .map(({ term }) => String(term))
      .filter((value) => value !== "");
  return {
    product: values("product"),
    version: values("version").toSorted((a, b) => compareVersions(b, a)),
    platform: values("platform"),
    process_type: values("process_type"),
  };
}

/** The one value that the filters ask for; undefined where they ask for none, several, or for what is not. */
export function chosenIn(filters: Query, name: string): string | undefined {
  const [only, ...others] = filters.filter(([other]) => other === name);
  return only === undefined || others.length > 0 ? undefined : valueAsked(only[1]);
}

/** Whether a form sent a choice of nothing: the address is better off without it. */
export const hasEmptyChoice = (parameters: Query): boolean =>
  parameters.some(([name, value]) => value === "" && Object.hasOwn(simpleFilters, name));
