import {
  type AsRead,
  type CrashId,
  isExactNumber,
  type ProcessedCrash,
  type ProcessedPing,
  parseCrashId,
  pingIdOf,
} from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import {
  type FieldElement,
  type FieldName,
  type FieldValue,
  isString,
  limitsOf,
  type Mapping,
  type SearchField,
  searchFields,
} from "./fields.ts";
import { formatInstant, type Instant, instantOf, parseInstant } from "./instant.ts";
import { parseFloatingPoint, parseInteger } from "./python-values.ts";
import { parseQueryDate } from "./query-date.ts";
import { stackValues } from "./stack-fields.ts";
import { collectionInstant, weekOf } from "./week.ts";

/**
 * How documents are made, counted up when a processed crash gives another document than before: the scheduler has those
 * of an earlier version made anew.
 */
export const DOCUMENT_VERSION = 1;

/** What the index keeps of a crash. */
export interface SearchDocument {
  /** The crash id of a report; `ping-` and the document id of a ping. */
  readonly uuid: string;
  /** Absent for a report. */
  readonly source?: "ping";
  /** `YYYYWW` of the date: see {@link weekOf}. Weeks are searched and dropped as wholes. */
  readonly week: string;
  /** The fields the crash has; a field it lacks is absent. `uuid` and `date` are always there. A list has two elements at least. */
  readonly fields: Readonly<Partial<Record<FieldName, FieldValue>>>;
  /** How many reports it stands for: one over the share of such reports that the collector kept. */
  readonly weight: number;
  /** The {@link DOCUMENT_VERSION} of whoever made it; 0 where it does not say. */
  readonly version: number;
  /** The fields whose value had to be cut, replaced or left out because the index cannot keep it as it is. */
  readonly repaired: readonly FieldName[];
}

/** What a non-string in a string field is indexed as: such crashes can be searched for. */
const BAD_DATA = "BAD DATA";
const KEYWORD_CODE_POINTS = 10_000;
const TEXT_BYTES = 32_766;

type Repaired<T> = { readonly value: T | undefined; readonly repaired: boolean };

const lost = { value: undefined, repaired: true };

/**
 * The document of a processed crash. Values the index cannot keep are repaired instead of losing the crash: long
 * strings are cut (10,000 characters, or 32,766 bytes of UTF-8 in text fields), other types in a string field
 * become `BAD DATA`, numbers that are none or too large are left out. A crash without a usable `date_processed`
 * has the date of its submission, else that of its id.
 * @param processed numbers may be `ExactNumber`s
 * @throws MaydayError CRASH_ID_INVALID when `uuid` is no crash id: there is nothing to index it under
 */
export function searchDocument(processed: AsRead<ProcessedCrash>): SearchDocument {
  const uuid = parseCrashId(String(processed["uuid"] ?? processed["crash_id"]));
  if (uuid === undefined) throw new MaydayError("CRASH_ID_INVALID");
  return documentOf(uuid, dateOfCrash(uuid, processed), processed);
}

/** The document of a processed ping, as that of a crash. It has the date of its arrival. */
export function pingDocument(processed: ProcessedPing): SearchDocument {
  const arrived = instantIn(processed.date_processed) ?? instantIn(processed.submitted_timestamp);
  const date = { value: arrived ?? instantOf(new Date(0)), repaired: arrived === undefined };
  return { ...documentOf(pingIdOf(processed.document_id), date, processed), source: "ping" };
}

function documentOf(
  uuid: string,
  date: { readonly value: Instant; readonly repaired: boolean },
  processed: AsRead<ProcessedCrash>,
): SearchDocument {
  const fields: Record<FieldName, FieldValue> = { uuid, date: formatInstant(date.value) };
  const repaired: FieldName[] = date.repaired ? ["date"] : [];
  const stacks = stackValues(processed);
  for (const field of searchFields) {
    if (field.name === "uuid" || field.name === "date") continue;
    const kept = keep(field, stacks[field.name] ?? valueAt(processed, field.path));
    if (kept.value !== undefined) fields[field.name] = kept.value;
    if (kept.repaired) repaired.push(field.name);
  }
  return {
    uuid,
    week: weekOf(date.value),
    fields,
    weight: weightOf(processed),
    version: DOCUMENT_VERSION,
    repaired,
  };
}

/** The collector notes the share in percent. */
function weightOf(processed: AsRead<ProcessedCrash>): number {
  const percent = valueAt(processed, ["collector_metadata", "throttle_percent"]);
  return typeof percent === "number" && percent > 0 && percent < 100 ? 100 / percent : 1;
}

function dateOfCrash(
  uuid: CrashId,
  processed: AsRead<ProcessedCrash>,
): { value: Instant; repaired: boolean } {
  const processedAt = instantIn(processed["date_processed"]);
  if (processedAt !== undefined) return { value: processedAt, repaired: false };
  const fallback = instantIn(processed["submitted_timestamp"]) ?? collectionInstant(uuid);
  return { value: fallback ?? instantOf(new Date(0)), repaired: true };
}

const instantIn = (value: unknown): Instant | undefined =>
  typeof value === "string" ? (parseInstant(value) ?? parseQueryDate(value)) : undefined;

/** What stands at a path; undefined where an object on the way is none. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  let at = value;
  for (const name of path) {
    if (typeof at !== "object" || at === null || !Object.hasOwn(at, name)) return undefined;
    at = (at as Readonly<Record<string, unknown>>)[name];
  }
  return at;
}

function keep(field: SearchField, value: unknown): Repaired<FieldValue> {
  if (value === undefined || value === null) return { value: undefined, repaired: false };
  // A list's booleans would mean nothing: it is no boolean.
  if (!Array.isArray(value) || field.mapping === "boolean") return keepElement(field, value);
  if (isString(field) && value.length > 0 && typeof value[0] !== "string")
    return { value: BAD_DATA, repaired: true };
  const kept = value.map((element) => keepElement(field, element));
  const elements = kept.map((one) => one.value).filter((element) => element !== undefined);
  // Crash Stats leaves out the whole list with a string that is too long.
  if (isString(field) && !field.isOfStacks && elements.length < kept.length) return lost;
  const repaired = kept.some((one) => one.repaired);
  if (elements.length > 1) return { value: elements, repaired };
  return { value: elements[0], repaired };
}

const keepElement = (field: SearchField, value: unknown): Repaired<FieldElement> =>
  keepAs[field.mapping](field, value);

const keepAs: Record<Mapping, (field: SearchField, value: unknown) => Repaired<FieldElement>> = {
  keyword: (_field, value) => keepKeyword(value),
  text: (_field, value) => keepText(value),
  semicolons: (_field, value) => keepText(value),
  long: keepWhole,
  integer: keepWhole,
  short: keepWhole,
  double: (_field, value) => {
    const number = floatIn(value);
    return number === undefined || !Number.isFinite(number) ? lost : { value: number, repaired: false };
  },
  boolean: (_field, value) => {
    const number = isExactNumber(value) ? Number(value.rawJSON) : value;
    return {
      value: number === true || number === 1 || number === "1" || number === "true",
      repaired: typeof value !== "boolean",
    };
  },
  date: (_field, value) => {
    const instant = instantIn(value);
    return instant === undefined ? lost : { value: formatInstant(instant), repaired: false };
  },
};

function keepText(value: unknown): Repaired<string> {
  // A lone surrogate has no UTF-8: each engine would make something else of it.
  if (typeof value !== "string" || !value.isWellFormed()) return { value: BAD_DATA, repaired: true };
  const kept = cutBytes(value);
  return { value: kept, repaired: kept !== value };
}

/** Undefined where it has more bytes than an engine keeps, though no more characters. */
function keepKeyword(value: unknown): Repaired<string> {
  if (typeof value !== "string") return { value: BAD_DATA, repaired: true };
  const kept = cutCodePoints(value).toWellFormed();
  if (kept.length * 3 > TEXT_BYTES && Buffer.byteLength(kept) > TEXT_BYTES) return lost;
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

function keepWhole(field: SearchField, value: unknown): Repaired<number | bigint> {
  const whole = wholeIn(field, value);
  if (whole === undefined) return lost;
  const { least, most } = limitsOf(field);
  if (whole.value < least || whole.value > most) return lost;
  const number = Number(whole.value);
  return { value: Number.isSafeInteger(number) ? number : whole.value, repaired: whole.repaired };
}

/** Annotations are strings, so a number may be one too; what is behind its point is lost. */
function wholeIn({ mapping }: SearchField, value: unknown): { value: bigint; repaired: boolean } | undefined {
  if (typeof value === "string") {
    const whole = parseInteger(value);
    if (whole !== undefined) return { value: whole, repaired: false };
    // Crash Stats leaves short numbers to its engine, which reads any.
    const number = mapping === "short" ? parseFloatingPoint(value) : undefined;
    return number !== undefined && Number.isFinite(number)
      ? { value: BigInt(Math.trunc(number)), repaired: true }
      : undefined;
  }
  const text = isExactNumber(value) ? value.rawJSON : undefined;
  if (text !== undefined && /^-?\d+$/.test(text)) return { value: BigInt(text), repaired: false };
  const number = text === undefined ? value : Number(text);
  if (typeof number !== "number" || !Number.isFinite(number)) return undefined;
  return { value: BigInt(Math.trunc(number)), repaired: !Number.isInteger(number) };
}

function floatIn(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return Number(value);
  if (typeof value === "string") return parseFloatingPoint(value);
  return isExactNumber(value) ? Number(value.rawJSON) : undefined;
}
