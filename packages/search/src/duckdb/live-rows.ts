import { type DuckDBConnection, LIST, listValue, VARCHAR } from "@duckdb/node-api";
import { type CrashId, documentIdIn } from "@mayday/crash";
import { isOfPings } from "../shelf.ts";
import { collectionInstant, weekOf } from "../week.ts";
import { crashesTable, MADE_AS, replacedTable, STRAY, VERSION } from "./schema.ts";

/** The row of a crash that no newer one took the place of. */
export interface LiveRow {
  readonly uuid: string;
  readonly version: bigint;
  readonly week: string;
}

/** The week a crash id tells of: where nearly every crash is. Undefined when its day is not of the calendar. */
export function homeWeek(id: string): string | undefined {
  if (documentIdIn(id) !== undefined) return undefined;
  const day = collectionInstant(id as CrashId);
  return day === undefined ? undefined : weekOf(day);
}

/**
 * The rows of these crashes, at most one for each. Weeks that none of the ids tells of are asked for their strays
 * only: with hardly any in it, DuckDB skips the table by the bounds it keeps of the column.
 */
export async function liveRows(
  connection: DuckDBConnection,
  weeks: readonly string[],
  ids: readonly string[],
): Promise<LiveRow[]> {
  const kinds = new Set(ids.map((id) => documentIdIn(id) !== undefined));
  const asked = weeks.filter((week) => kinds.has(isOfPings(week)));
  if (asked.length === 0) return [];
  const homes = new Set(ids.map(homeWeek));
  const parts = asked.map((week) => {
    // A ping's id tells of no week.
    const strays = isOfPings(week) || homes.has(week) ? "" : ` AND ${STRAY}`;
    return `SELECT uuid, ${VERSION}, '${week}' FROM ${liveIn(week)} WHERE uuid IN (SELECT unnest($1))${strays}`;
  });
  const found = await connection.runAndReadAll(
    parts.join(" UNION ALL "),
    [listValue([...ids])],
    [LIST(VARCHAR)],
  );
  return found
    .getRows()
    .map(([uuid, version, week]) => ({ uuid: String(uuid), version: version as bigint, week: String(week) }));
}

/** Reports whose document is of an earlier version, by id; those behind `after`. */
export async function outdatedRows(
  connection: DuckDBConnection,
  weeks: readonly string[],
  { version, after, most }: { readonly version: number; readonly after: string; readonly most: number },
): Promise<string[]> {
  const parts = weeks
    .filter((week) => !isOfPings(week))
    .map((week) => `SELECT uuid FROM ${liveIn(week)} WHERE ${MADE_AS} < $1 AND uuid > $2`);
  if (parts.length === 0) return [];
  const found = await connection.runAndReadAll(
    `SELECT DISTINCT uuid FROM (${parts.join(" UNION ALL ")}) ORDER BY uuid LIMIT $3`,
    [version, after, most],
  );
  return found.getRows().map(([uuid]) => String(uuid));
}

/** The newest versions of a week's crashes, to stand in a FROM. */
export function liveIn(week: string): string {
  return `${crashesTable(week)} ANTI JOIN ${replacedTable(week)} USING (${VERSION})`;
}
