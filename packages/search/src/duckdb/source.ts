import { type FieldName, knownField, type SearchField } from "../fields.ts";
import type { Catalog } from "./catalog.ts";
import { liveIn } from "./live-rows.ts";
import { columnOf, crashesTable, listColumnOf, VERSION, WEIGHT } from "./schema.ts";

/** The rows a search is about, before any filter: weeks, and how their fields are read. */
export interface Source {
  /** Oldest first. */
  readonly weeks: readonly string[];
  /** Whether the field's column is a list here. */
  isList(field: SearchField): boolean;
  /** A statement that selects these fields of every row, its version and its weight. Fields of stacks are no columns. */
  select(fields: Iterable<FieldName>): string;
}

/** Of each week, the versions of the rows to look at. */
export type Rows = ReadonlyMap<string, readonly bigint[]>;

const FEW_ROWS = 200;

/**
 * The source of a search over some weeks, at least one.
 * @param rows those to look at alone; undefined for all
 */
export function sourceOf(catalog: Catalog, weeks: readonly string[], rows?: Rows): Source {
  const { lists } = catalog;
  const isList = (field: SearchField): boolean =>
    field.isList || weeks.some((week) => lists.get(field.name)?.has(week));
  const read = (field: SearchField, week: string): string => {
    const column = columnOf(field.name);
    if (field.isList || !isList(field)) return column;
    const single = `CASE WHEN ${column} IS NULL THEN NULL ELSE [${column}] END`;
    const value = lists.get(field.name)?.has(week)
      ? `coalesce(${listColumnOf(field.name)}, ${single})`
      : single;
    return `${value} AS ${column}`;
  };
  return {
    weeks,
    isList,
    select(fields) {
      const known = [...new Set(fields)].map(knownField).filter(({ isOfStacks }) => !isOfStacks);
      const ofWeek = (week: string) =>
        `SELECT ${[VERSION, WEIGHT, ...known.map((field) => read(field, week))].join(", ")} FROM ${catalog.replaced.has(week) ? liveIn(week) : crashesTable(week)}`;
      if (rows === undefined) return weeks.map(ofWeek).join(" UNION ALL ");
      if (rows.size === 0) return `${ofWeek(weeks[0]!)} WHERE false`;
      const all = [...rows.values()].flat();
      // Few are held against the bounds of each piece of the table before it is read; many are looked up.
      if (all.length <= FEW_ROWS)
        return [...rows]
          .map(([week, versions]) => `${ofWeek(week)} WHERE ${VERSION} IN (${versions.join(", ")})`)
          .join(" UNION ALL ");
      const union = [...rows.keys()].map(ofWeek).join(" UNION ALL ");
      return `SELECT * FROM (${union}) WHERE ${VERSION} IN (SELECT unnest([${all.join(", ")}]))`;
    },
  };
}

/** The field's elements as a list without repetitions; undefined where it has at most one. */
export function elementsOf(field: SearchField, source: Source): string | undefined {
  const column = columnOf(field.name);
  if (field.mapping !== "semicolons") return source.isList(field) ? `list_distinct(${column})` : undefined;
  const text = source.isList(field) ? `array_to_string(${column}, ';')` : column;
  return `list_distinct(list_filter(string_split(lower(${text}), ';'), lambda x: x <> ''))`;
}
