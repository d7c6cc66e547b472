import { type ProcessedFieldName, processedSchema } from "@mayday/crash";

/** What a field's query text is checked against: it decides the operators (Socorro's data validation types). */
type ValidationType = "str" | "enum" | "int" | "datetime";
/** What a search form offers for the field. */
type QueryType = "string" | "enum" | "integer" | "date";
/**
 * How a value is kept: `keyword` and `text` strings (they differ in the longest that is kept), `integer` 32 bits,
 * `long` whole numbers a JSON number can hold exactly, `date` microseconds in UTC.
 */
export type StorageType = "keyword" | "text" | "integer" | "long" | "date";

/** One field of the search index. */
export interface SearchField {
  /** The name in the search language and in hits. */
  readonly name: FieldName;
  /** The field of the processed crash it is taken from. */
  readonly source: ProcessedFieldName;
  readonly validation: ValidationType;
  readonly query: QueryType;
  readonly storage: StorageType;
  /** What a viewer must hold to filter by, sort by or see the field; empty for everybody. */
  readonly permissions: readonly string[];
}

/** A value of a field: a string (dates too, `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`) or a whole number. */
export type FieldValue = string | number;

type Row = readonly [source: ProcessedFieldName, validation: ValidationType, storage: StorageType];

/** Names, types and mappings are those of Super Search, so that clients written for it keep working. */
const table = {
  uuid: ["uuid", "enum", "keyword"],
  date: ["date_processed", "datetime", "date"],
  signature: ["signature", "str", "text"],
  product: ["product", "enum", "text"],
  version: ["version", "enum", "keyword"],
  build_id: ["build", "int", "long"],
  release_channel: ["release_channel", "enum", "keyword"],
  platform: ["os_name", "enum", "text"],
  platform_version: ["os_version", "str", "text"],
  platform_pretty_version: ["os_pretty_version", "str", "text"],
  cpu_arch: ["cpu_arch", "enum", "keyword"],
  process_type: ["process_type", "str", "keyword"],
  report_type: ["report_type", "str", "keyword"],
  reason: ["reason", "str", "text"],
  address: ["address", "str", "keyword"],
  crashing_thread: ["crashing_thread", "int", "integer"],
  uptime: ["uptime", "int", "long"],
} as const satisfies Record<string, Row>;

export type FieldName = keyof typeof table;

const queryTypes: Record<ValidationType, QueryType> = {
  str: "string",
  enum: "enum",
  int: "integer",
  datetime: "date",
};

/** Who may use a field follows from who may see the processed crash's field it is taken from. */
const permissionsOf = (source: ProcessedFieldName): readonly string[] =>
  processedSchema[source].visibility === "protected" ? ["crashstats.view_pii"] : [];

/** Every field of the index, in the order of the table. */
export const searchFields: readonly SearchField[] = Object.entries(table).map(
  ([name, [source, validation, storage]]) => ({
    name: name as FieldName,
    source,
    validation,
    query: queryTypes[validation],
    storage,
    permissions: permissionsOf(source),
  }),
);

const byName: ReadonlyMap<string, SearchField> = new Map(searchFields.map((field) => [field.name, field]));

/** The field of that name, undefined when the index has none. */
export function fieldNamed(name: string): SearchField | undefined {
  return byName.get(name);
}
