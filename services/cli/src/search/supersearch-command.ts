import { MaydayError } from "@mayday/errors";
import { progressOn } from "../progress.ts";
import type { SearchClient } from "./search-client.ts";
import { asQuery, searchParameters } from "./search-parameters.ts";
import { cell, type Row, type TableFormat, tableLines } from "./tables.ts";

export interface SuperSearchOptions {
  readonly supersearchUrl?: string;
  /** How many hits; infinity for all. */
  readonly num: number;
  readonly headers: boolean;
  readonly format: TableFormat | "json";
}

/** As many as a search gives at once. */
const PAGE = 1000;
const FACETS = ["_facets", "_aggs", "_histogram", "_cardinality"];

/** Prints the crashes that a search finds, page by page. */
export async function superSearch(
  args: readonly string[],
  options: SuperSearchOptions,
  client: SearchClient,
): Promise<void> {
  const params = searchParameters(args, options.supersearchUrl, FACETS);
  const columns = params.get("_columns") ?? ["uuid"];
  params.set("_columns", columns).set("_facets_size", ["0"]);
  // Who names neither wants the newest.
  if (!params.has("_sort") && !params.has("date")) params.set("_sort", ["-date"]);
  if (params.has("_return_query")) {
    console.log(JSON.stringify(await client.json("SuperSearch", asQuery(params)), undefined, 2));
    return;
  }
  // A table is as wide as its widest value, and JSON is one document.
  const isWhole = options.format === "json" || options.format === "table";
  const all: Row[] = [];
  let isFirst = true;
  for await (const page of pagesOf(client, params, options.num)) {
    for (const name of columns)
      if (isFirst && page.length > 0 && !(name in page[0]!))
        throw new MaydayError("API_REFUSED", `${name}: no data`);
    if (isWhole) all.push(...page);
    else print(tableLines(options.format as TableFormat, columns, page, isFirst && hasHead(options)));
    isFirst = false;
  }
  if (options.format === "json") {
    const shown = all.map((row) => Object.fromEntries(columns.map((name) => [name, textIn(row[name])])));
    console.log(JSON.stringify(shown, undefined, 2));
  } else if (options.format === "table") print(tableLines("table", columns, all, options.headers));
}

const hasHead = ({ format, headers }: SuperSearchOptions): boolean => headers || format === "markdown";

/** As crashstats-tools has it: what is absent is an empty text. */
const textIn = (value: unknown): string => (value === null ? "" : cell(value));

function print(lines: readonly string[]): void {
  if (lines.length > 0) process.stdout.write(`${lines.join("\n")}\n`);
}

async function* pagesOf(
  client: SearchClient,
  params: Map<string, readonly string[]>,
  most: number,
): AsyncGenerator<readonly Row[]> {
  let found = 0;
  let total = most;
  const progress = progressOn(process.stderr, (done) => `${done} of ${Math.min(total, most)} crashes`);
  try {
    while (found < most) {
      const size = Math.min(PAGE, most - found);
      const query = asQuery(params);
      query.set("_results_offset", String(found));
      query.set("_results_number", String(size));
      const answer = await client.json<{ hits: Row[]; total: number }>("SuperSearch", query);
      total = answer.total;
      found += answer.hits.length;
      progress.add(answer.hits.length);
      if (answer.hits.length === 0) return;
      yield answer.hits;
      if (found >= total) return;
    }
  } finally {
    progress.end();
  }
}
