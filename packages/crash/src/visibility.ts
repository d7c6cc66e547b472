import { isExactNumber } from "./exact-json.ts";
import type { RawCrash } from "./raw-crash.ts";
import { type Annotation, annotations } from "./schema/annotations.ts";
import type { FieldType, ProcessedField } from "./schema/field.ts";
import { protectedInJavaException } from "./schema/java-exception.ts";
import { type AsRead, type ProcessedCrash, processedSchema } from "./schema/processed-crash.ts";
import { protectedInStackJson } from "./schema/stack-json.ts";

/** What the collector adds and anybody may see. */
const collectorFields: ReadonlySet<string> = new Set(["submitted_timestamp", "uuid", "version"]);

const known: Readonly<Record<string, Annotation>> = annotations;

/**
 * The raw crash as a viewer without permissions may see it. Whatever no table names may hold what a user typed or
 * visited and is hidden. Of the collector's metadata its notes stay, where there are any: they tell what was dropped,
 * by name, and quote no values.
 */
export function redactRawCrash(raw: AsRead<RawCrash>): AsRead<RawCrash> {
  const isPublic = (name: string) =>
    collectorFields.has(name) || (Object.hasOwn(known, name) && known[name]?.visibility === "public");
  const seen = Object.fromEntries(Object.entries(raw).filter(([name]) => isPublic(name)));
  const { collector_notes: notes } = (raw.metadata ?? {}) as { collector_notes?: unknown };
  const texts = Array.isArray(notes) ? notes.filter((note) => typeof note === "string") : [];
  return texts.length === 0 ? seen : { ...seen, metadata: { collector_notes: texts } };
}

/**
 * The processed crash as a viewer without permissions may see it: the public fields. A field that the schema does not
 * describe is hidden, and so is a value of another type than the schema's: nobody decided who may see that one.
 * @param schema the table that decides
 */
export function redactProcessedCrash(
  processed: AsRead<ProcessedCrash>,
  schema: Readonly<Record<string, ProcessedField>> = processedSchema,
): AsRead<ProcessedCrash> {
  const seen: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(processed)) {
    if (isFurtherDump(name)) seen[name] = redactWalkedDump(value);
    else if (Object.hasOwn(schema, name)) {
      const field = schema[name]!;
      if (field.visibility === "public" && isOfType(value, field.type))
        seen[name] = redactWithin(name, value);
    }
  }
  return seen;
}

const isFurtherDump = (name: string) => /^upload_file_minidump_\w+$/.test(name);

/** What one walk left: its public fields, as those of the main dump. */
function redactWalkedDump(value: unknown): unknown {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? redactProcessedCrash(value)
    : null;
}

function redactWithin(name: string, value: unknown): unknown {
  if (name === "json_dump") return without(protectedInStackJson, value);
  if (name === "java_exception") return without(protectedInJavaException, value);
  return value;
}

/** Null is of every type. */
function isOfType(value: unknown, type: FieldType): boolean {
  if (value === null) return true;
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "object":
      return typeof value === "object" && !Array.isArray(value);
    case "list":
      return Array.isArray(value);
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    case "integer":
    case "number":
      // Numbers that JavaScript cannot hold come as exact numbers.
      return typeof value === "number" || isExactNumber(value);
  }
}

/** The value without what is hidden, at whatever depth; parts in which nothing is are the very same, as most of a stack is. */
function without(hidden: ReadonlySet<string>, value: unknown): unknown {
  if (value === null || typeof value !== "object" || isExactNumber(value)) return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => without(hidden, item));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  let isSame = true;
  const seen: [string, unknown][] = [];
  for (const [key, inner] of Object.entries(value)) {
    if (hidden.has(key)) {
      isSame = false;
      continue;
    }
    const own = without(hidden, inner);
    isSame &&= own === inner;
    seen.push([key, own]);
  }
  return isSame ? value : Object.fromEntries(seen);
}
