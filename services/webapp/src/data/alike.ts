import type { AsRead, ProcessedCrash } from "@mayday/crash";
import type { WebappParts } from "../parts.ts";
import { address } from "./address.ts";
import { ask, daysBefore, exactly, type Query } from "./ask.ts";

/** A search for crashes like one, and how many it finds. */
export interface Alike {
  readonly label: string;
  readonly href: string;
  readonly count: number;
}

const DAYS = 7;

/** What crashes may have in common, by the processed crash's fields: the more telling first. */
const kinds = [
  ["Same signature", "signature", "signature"],
  ["Same stack", "proto_signature", "proto_signature"],
  ["Same top function", "top_function", undefined],
] as const;

/** Searches for crashes that have something in common with this one. A search engine that is away finds nothing. */
export async function crashesAlike(
  parts: WebappParts,
  processed: AsRead<ProcessedCrash>,
  topFunction: string | undefined,
): Promise<Alike[]> {
  const searches = kinds.flatMap(([label, field, source]) => {
    const value = source === undefined ? topFunction : processed[source];
    return typeof value === "string" && value !== ""
      ? [{ label, filter: [[field, exactly(value)]] as Query }]
      : [];
  });
  const nothing: Query = [
    ["_results_number", "0"],
    ["_facets_size", "0"],
  ];
  try {
    return await Promise.all(
      searches.map(async ({ label, filter }) => {
        const { total } = await ask(parts, [...filter, ...nothing, ...daysBefore(DAYS, parts.now())]);
        return { label, href: address("/search/", filter), count: total };
      }),
    );
  } catch (error) {
    parts.log.warn({ err: error }, "the report goes without crashes like it");
    return [];
  }
}
