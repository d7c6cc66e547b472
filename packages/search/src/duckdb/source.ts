import { type FieldName, knownField, type SearchField } from "../fields.ts";
import type { Catalog } from "./catalog.ts";
import { boundsIn, type DateBound } from "./date-bounds.ts";
import { liveIn } from "./live-rows.ts";
import { columnOf, crashesTable, listColumnOf, VERSION, WEIGHT } from "./schema.ts";

/** The rows a search is about, before any filter but that of dates: weeks, and how their fields are read. */
export interface Source {
  /** Oldest first. */
  readonly weeks: readonly string[];
  /** Whether the field's column is a list here. */
  isList(field: SearchField): boolean;
  /**
   * A statement that selects these fields of every row, its version, its weight and, as `_week`, its week's place among
   * the weeks. Fields of stacks are no columns.
   * @param weeks those to look at alone
   */
  select(fields: Iterable<FieldName>, weeks?: readonly string[]): string;
  /** How many rows a week has, where that is known without a look at it. */
  known(week: string): number | undefined;
}

/** Of each week, the versions of the rows to look at. */
export type Rows = ReadonlyMap<string, readonly bigint[]>;

/** A row's week, by its place among those of the source. */
export const WEEK = "_week";

/**
 * The source of a search over some weeks, at least one.
 * @param dates the bounds of the dates of its rows
 * @param rows those to look at alone; undefined for all
 */
export function sourceOf(
  catalog: Catalog,
  weeks: readonly string[],
  { dates = [], rows }: { readonly dates?: readonly DateBound[]; readonly rows?: Rows | undefined } = {},
): Source {
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
  const ofWeek = (week: string, fields: readonly SearchField[]): string => {
    const columns = [VERSION, WEIGHT, `${weeks.indexOf(week)} AS ${WEEK}`];
    for (const field of fields) columns.push(read(field, week));
    const versions = rows?.get(week) ?? [];
    const conditions = boundsIn(week, dates);
    if (rows !== undefined)
      conditions.push(versions.length === 0 ? "false" : `${VERSION} IN (${versions.join(", ")})`);
    const table = catalog.replaced.has(week) ? liveIn(week) : crashesTable(week);
    const where = conditions.length === 0 ? "" : ` WHERE ${conditions.join(" AND ")}`;
    return `SELECT ${columns.join(", ")} FROM ${table}${where}`;
  };
  return {
    weeks,
    isList,
    select(fields, some = weeks) {
      const columns = [...new Set(fields)].map(knownField).filter(({ isOfStacks }) => !isOfStacks);
      const asked = rows === undefined ? some : some.filter((week) => rows.has(week));
      return (asked.length === 0 ? weeks.slice(0, 1) : asked)
        .map((week) => ofWeek(week, columns))
        .join(" UNION ALL ");
    },
    known(week) {
      if (rows === undefined) return undefined;
      const count = rows.get(week)?.length ?? 0;
      const isWhole = boundsIn(week, dates).length === 0 && !catalog.replaced.has(week);
      return isWhole || count === 0 ? count : undefined;
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
