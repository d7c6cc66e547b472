import { DuckDBListValue, DuckDBTimestampValue, type DuckDBValue } from "@duckdb/node-api";
import type { FieldElement, FieldValue } from "../fields.ts";
import { formatInstant } from "../instant.ts";

/** A value of a column that is no list; dates without their fraction where they have none, as Crash Stats writes them. */
export function elementIn(value: DuckDBValue): FieldElement {
  if (typeof value === "string" || typeof value === "number" || typeof value === "boolean") return value;
  if (typeof value === "bigint") {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (value instanceof DuckDBTimestampValue) return formatInstant(value.micros).replace(".000000", "");
  throw new TypeError("a column of the index has a type that no field has");
}

/** A value of any column: a list of one is its element, and one of none is null. */
export function valueIn(value: DuckDBValue): FieldValue | null {
  if (value === null) return null;
  if (!(value instanceof DuckDBListValue)) return elementIn(value);
  const elements = value.items.map(elementIn);
  return elements.length > 1 ? elements : (elements[0] ?? null);
}
