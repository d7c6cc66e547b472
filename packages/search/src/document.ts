import { type CrashId, MaydayError, parseCrashId } from "@mayday/crash";
import {
  type FieldName,
  type FieldValue,
  type SearchField,
  type StorageType,
  searchFields,
} from "./fields.ts";
import { formatInstant, type Instant, instantOf, parseInstant } from "./instant.ts";
import { collectionInstant, weekOf } from "./week.ts";

/** What the index keeps of a crash. Plain JSON. */
export interface SearchDocument {
  readonly uuid: CrashId;
  /** `YYYYWW` of the date: see {@link weekOf}. Weeks are searched and dropped as wholes. */
  readonly week: string;
  /** The fields the crash has; a field it lacks is absent. `uuid` and `date` are always there. */
  readonly fields: Readonly<Partial<Record<FieldName, FieldValue>>>;
  /** The fields whose value had to be cut, replaced or left out because the index cannot keep it as it is. */
  readonly repaired: readonly FieldName[];
}

/** What a non-string in a string field is indexed as: such crashes can be searched for. */
const BAD_DATA = "BAD DATA";
const KEYWORD_CODE_POINTS = 10_000;
const TEXT_BYTES = 32_766;
const INT32_MAX = 2 ** 31 - 1;

type Repaired<T> = { readonly value: T | undefined; readonly repaired: boolean };

/**
 * The document of a processed crash. Values the index cannot keep are repaired instead of losing the crash: long
 * strings are cut (10,000 characters, or 32,766 bytes of UTF-8 in text fields), other types in a string field
 * become `BAD DATA`, numbers that are none or too large are left out. A crash without a usable `date_processed`
 * has the date of its submission, else that of its id.
 * @throws MaydayError CRASH_ID_INVALID when `uuid` is no crash id: there is nothing to index it under
 */
export function searchDocument(processed: Readonly<Record<string, unknown>>): SearchDocument {
  const uuid = parseCrashId(String(processed["uuid"] ?? processed["crash_id"]));
  if (uuid === undefined) throw new MaydayError("CRASH_ID_INVALID");
  const date = dateOfCrash(uuid, processed);
  const fields: Partial<Record<FieldName, FieldValue>> = { uuid, date: formatInstant(date.value) };
  const repaired: FieldName[] = date.repaired ? ["date"] : [];
  for (const field of searchFields) {
    if (field.name === "uuid" || field.name === "date") continue;
    const kept = keep(field, processed[field.source]);
    if (kept.value !== undefined) fields[field.name] = kept.value;
    if (kept.repaired) repaired.push(field.name);
  }
  return { uuid, week: weekOf(date.value), fields, repaired };
}

function dateOfCrash(
  uuid: CrashId,
  processed: Readonly<Record<string, unknown>>,
): { value: Instant; repaired: boolean } {
  const processedAt = instantIn(processed["date_processed"]);
  if (processedAt !== undefined) return { value: processedAt, repaired: false };
  const fallback = instantIn(processed["submitted_timestamp"]) ?? collectionInstant(uuid);
  return { value: fallback ?? instantOf(new Date(0)), repaired: true };
}

const instantIn = (value: unknown): Instant | undefined =>
  typeof value === "string" ? parseInstant(value) : undefined;

function keep(field: SearchField, value: unknown): Repaired<FieldValue> {
  if (value === undefined || value === null) return { value: undefined, repaired: false };
  return keepAs[field.storage](value);
}

const keepAs: Record<StorageType, (value: unknown) => Repaired<FieldValue>> = {
  keyword: (value) => keepString(value, cutCodePoints),
  text: (value) => keepString(value, cutBytes),
  integer: (value) => keepInteger(value, -INT32_MAX - 1, INT32_MAX),
  // Socorro's `long` has 64 bits; answers are JSON, whose numbers end at 2^53 for most readers.
  long: (value) => keepInteger(value, Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
  date: (value) => {
    const instant = instantIn(value);
    return instant === undefined
      ? { value: undefined, repaired: true }
      : { value: formatInstant(instant), repaired: false };
  },
};

function keepString(value: unknown, cut: (text: string) => string): Repaired<string> {
  if (typeof value !== "string") return { value: BAD_DATA, repaired: true };
  // A lone surrogate has no UTF-8: each engine would make something else of it.
  const kept = cut(value.toWellFormed());
  return { value: kept, repaired: kept !== value };
}

function cutCodePoints(text: string): string {
  if (text.length <= KEYWORD_CODE_POINTS) return text;
  return Array.from(text.slice(0, 2 * KEYWORD_CODE_POINTS))
    .slice(0, KEYWORD_CODE_POINTS)
    .join("");
}

function cutBytes(text: string): string {
  // No character takes more than three bytes per UTF-16 unit.
  if (text.length * 3 <= TEXT_BYTES) return text;
  const { read } = new TextEncoder().encodeInto(text, new Uint8Array(TEXT_BYTES));
  return text.slice(0, read);
}

function keepInteger(value: unknown, min: number, max: number): Repaired<number> {
  const number = numberIn(value);
  if (number === undefined || !(number >= min && number <= max)) return { value: undefined, repaired: true };
  const whole = Math.trunc(number) || 0;
  return { value: whole, repaired: whole !== number };
}

/** Annotations are strings, so a whole number may be one too; NaN and infinity are no numbers here. */
function numberIn(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? value : undefined;
  if (typeof value === "string" && /^\s*[+-]?\d{1,20}\s*$/.test(value)) return Number(value);
  return undefined;
}
