import { type CrashId, parseCrashId } from "@mayday/crash";
import { parseSuperSearch } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import type { Query } from "./ask.ts";

const AT_ONCE = 1000;
/** More than a page starts a job for: a command may take its time. */
const MOST_MATCHING = 100_000;

/** The ids of all crashes that the filters leave, the newest first; at most {@link MOST_MATCHING}. */
export async function* matchingCrashes(
  { engine, search, now }: Pick<WebappParts, "engine" | "search" | "now">,
  filters: Query,
): AsyncIterable<CrashId> {
  const asked = now();
  for (let offset = 0; offset < MOST_MATCHING; offset += AT_ONCE) {
    const page: Query = [
      ["_columns", "uuid"],
      ["_sort", "-date"],
      ["_facets_size", "0"],
      ["_results_number", String(AT_ONCE)],
      ["_results_offset", String(offset)],
    ];
    const { hits } = await engine.search(parseSuperSearch([...filters, ...page], { ...search, now: asked }));
    for (const { uuid } of hits) {
      const id = parseCrashId(String(uuid));
      if (id !== undefined) yield id;
    }
    if (hits.length < AT_ONCE) return;
  }
}
