import { MaydayError } from "@mayday/errors";
import { type Facets, type FacetTable, facetTables, sorted } from "./facet-tables.ts";
import type { SearchClient } from "./search-client.ts";
import { asQuery, searchParameters } from "./search-parameters.ts";
import { type Row, type TableFormat, tableLines } from "./tables.ts";

export interface FacetOptions {
  readonly supersearchUrl?: string;
  readonly startDate?: string;
  readonly endDate: string;
  /** Milliseconds. */
  readonly relativeRange: number;
  readonly format: TableFormat | "json" | "raw";
  readonly denoteWeekends: boolean;
  readonly leftoverCount: boolean;
}

const HITS = ["_columns", "_results_number", "_results_offset"];

/** Prints what a search counts, a table for each facet. */
export async function superSearchFacet(
  args: readonly string[],
  options: FacetOptions,
  client: SearchClient,
  now: Date,
): Promise<void> {
  const params = searchParameters(args, options.supersearchUrl, HITS);
  if (!params.has("date")) params.set("date", datesOf(options, now));
  params.set("_results_number", ["0"]);
  const answer = await client.json<{ total: number; facets: Facets }>("SuperSearch", asQuery(params));
  if (params.has("_return_query")) return console.log(JSON.stringify(answer, undefined, 2));
  // Signatures are counted when nothing else is asked for.
  const { signature, ...others } = answer.facets;
  const isAsked = signature !== undefined && params.get("_facets")?.includes("signature") === true;
  const facets: Facets = isAsked ? answer.facets : others;
  if (options.format === "raw") return console.log(JSON.stringify({ ...answer, facets }, undefined, 2));
  const tables = facetTables(facets, answer.total, options.leftoverCount);
  if (options.format === "json") return console.log(JSON.stringify(tables, undefined, 2));
  if (Object.keys(tables).length === 0)
    throw new MaydayError("API_REFUSED", "nothing was counted; name _facets, _aggs.… or _histogram.…");
  const printed = Object.entries(tables).map(([name, table]) =>
    partsOf([name], table)
      .map((part) => linesOf(part, options).join("\n"))
      .join("\n"),
  );
  console.log(printed.join("\n\n"));
}

function datesOf({ startDate, endDate, relativeRange }: FacetOptions, now: Date): string[] {
  const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);
  const words: Readonly<Record<string, number>> = { today: 0, yesterday: 1 };
  const back = words[endDate];
  const end = back === undefined ? endDate : dayOf(now.getTime() - back * 86_400_000);
  const start = startDate ?? dayOf(Date.parse(`${end.slice(0, 10)}T00:00:00Z`) - relativeRange);
  const whole = (date: string, time: string): string => (date.length === 10 ? `${date} ${time}` : date);
  return [`>=${whole(start, "00:00:00")}`, `<${whole(end, "23:59:59")}`];
}

interface Part {
  readonly path: readonly string[];
  readonly rows: readonly Row[];
}

function partsOf(path: readonly string[], table: FacetTable): Part[] {
  if (Array.isArray(table)) return [{ path, rows: table as readonly Row[] }];
  return Object.entries(table as Readonly<Record<string, readonly Row[]>>).map(([name, rows]) => ({
    path: [...path, name],
    rows,
  }));
}

/** The name of a table, and its lines. */
function linesOf({ path, rows }: Part, { format, denoteWeekends }: FacetOptions): string[] {
  const [name] = path as [string];
  const others = Object.keys(rows[0] ?? {}).filter((column) => column !== name);
  const shown = denoteWeekends
    ? rows.map((row) => Object.fromEntries(Object.entries(row).map(([key, value]) => [key, marked(value)])))
    : rows;
  return [path.join("."), ...tableLines(format as TableFormat, [name, ...sorted(others)], shown, true)];
}

const isDay = (value: unknown): value is string =>
  typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value);

/** A Saturday or a Sunday with two stars behind it. */
function marked(value: unknown): unknown {
  if (!isDay(value)) return value;
  const day = new Date(`${value}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6 ? `${value} **` : value;
}
