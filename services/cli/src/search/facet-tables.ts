import type { Row } from "./tables.ts";

/** A facet of an answer. */
type Facet = readonly FacetTerm[] | { readonly value: number };
export type Facets = Readonly<Record<string, Facet>>;
interface FacetTerm {
  readonly term: string | number;
  readonly count: number;
  readonly facets?: Facets;
}

/** The rows of a facet, or of a histogram by what it counts. */
export type FacetTable = readonly Row[] | Readonly<Record<string, readonly Row[]>>;

/**
 * Facets as flat tables, by name: terms within terms are joined by ` / `, in their names too; a histogram has a row for each
 * interval and a column for each term.
 * @param leftover whether a row or column `--` has what the terms do not account for
 */
export function facetTables(facets: Facets, total: number, leftover: boolean): Record<string, FacetTable> {
  const tables: Record<string, FacetTable> = {};
  for (const [name, rows] of Object.entries(flat(facets))) {
    if (name.startsWith("cardinality")) tables[name] = rows;
    else if (name.startsWith("histogram"))
      tables[name] = histogram(name, facets[name] as FacetTerm[], leftover);
    else {
      const counted = rows.reduce((sum, row) => sum + Number(row["count"]), 0);
      const rest = leftover ? [{ [name]: "--", count: total - counted }] : [];
      tables[name] = [...rows, ...rest, { [name]: "total", count: total }];
    }
  }
  return tables;
}

function flat(facets: Facets): Record<string, Row[]> {
  const tables: Record<string, Row[]> = {};
  for (const [name, facet] of Object.entries(facets)) {
    if ("value" in facet) tables[name] = [{ [name]: "value", value: facet.value }];
    else if (name.startsWith("histogram")) tables[name] = [];
    else if (facet.length === 0) continue;
    else {
      for (const { term, count, facets: within } of facet) {
        if (within === undefined) {
          tables[name] ??= [];
          tables[name].push({ [name]: term, count });
          continue;
        }
        for (const [inner, rows] of Object.entries(flat(within))) {
          const joined = `${name} / ${inner}`;
          tables[joined] ??= [];
          for (const row of rows)
            tables[joined].push({ [joined]: `${term} / ${row[inner]}`, count: row["count"] ?? row["value"] });
        }
      }
    }
  }
  return tables;
}

const MIDNIGHT = /T00:00:00(?:\+00:00|Z)$/;

function histogram(
  name: string,
  intervals: readonly FacetTerm[],
  leftover: boolean,
): Record<string, readonly Row[]> {
  const byFacet = new Map<string, Map<string, Record<string, number>>>();
  for (const { term, count, facets = {} } of intervals) {
    const interval = String(term).replace(MIDNIGHT, "");
    for (const [facet, counted] of Object.entries(facets)) {
      const rows = byFacet.get(facet) ?? new Map<string, Record<string, number>>();
      byFacet.set(facet, rows);
      rows.set(
        interval,
        "value" in counted
          ? { value: counted.value }
          : { ...Object.fromEntries(counted.map((one) => [String(one.term), one.count])), total: count },
      );
    }
  }
  return Object.fromEntries(
    [...byFacet].map(([facet, rows]) => {
      const columns = sorted([...new Set([...rows.values()].flatMap(Object.keys))]);
      const ordered = [...rows].sort(([a], [b]) => (a < b ? -1 : 1));
      const table = ordered.map(([interval, counts]) => {
        const shown = Object.fromEntries(columns.map((column) => [column, counts[column] ?? 0]));
        const terms = columns.reduce((sum, one) => sum + (one === "total" ? 0 : shown[one]!), 0);
        const rest = leftover ? { "--": String(terms - (shown["total"] ?? 0)) } : {};
        return { [name]: interval, ...shown, ...rest };
      });
      return [facet, table];
    }),
  );
}

/** Columns in their order: `--` first, `total` last. */
export function sorted(columns: readonly string[]): string[] {
  const rank = (column: string): number => (column === "--" ? 0 : column === "total" ? 2 : 1);
  return columns.toSorted((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
