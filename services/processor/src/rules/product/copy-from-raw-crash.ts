import {
  type FieldType,
  isExactNumber,
  type ProcessedField,
  type ProcessedFieldName,
  parseExactJson,
  processedSchema,
} from "@mayday/crash";
import type { RawName, Rule } from "../../rule.ts";
import { annotationText, rightTrimmed } from "../../values/annotation-text.ts";
import { isRecord } from "../../values/json-records.ts";
import { numberOfText, wholeOf } from "../../values/numbers.ts";
import { isJavaException } from "../java/java-exception.ts";

/** By their names, as their notes stand. */
const copied = (Object.entries(processedSchema) as [ProcessedFieldName, ProcessedField][])
  .flatMap(([name, { source, type, fallback }]) =>
    source === undefined ? [] : [{ name, source, type, fallback }],
  )
  .sort((a, b) => (a.name < b.name ? -1 : 1));

/** Copies annotations to the fields that the schema gives a source, as the field's type. A value of another type is left out. */
export const copyFromRawCrash: Rule = {
  name: "CopyFromRawCrashRule",
  annotations: copied.map(({ source }) => source satisfies RawName),
  reads: [],
  writes: copied.map(({ name }) => name),
  act({ raw, processed, notes }) {
    for (const { name, source, type, fallback } of copied) {
      const value = raw[source];
      if (value === undefined) {
        if (fallback !== undefined) Object.assign(processed, { [name]: fallback });
        continue;
      }
      const converted = convert(value, type, name);
      if (typeof converted === "string" && type !== "string") notes.push(`${source} ${converted}`);
      else if (converted === undefined) notes.push(`${source} has a non-string value`);
      else Object.assign(processed, { [name]: converted });
    }
  },
};

/** The value as the field's type; for other types than text, a text says why it is none. */
function convert(value: unknown, type: FieldType, name: string): unknown {
  switch (type) {
    case "boolean":
      return booleanOf(value) ?? "has non-boolean value";
    case "integer":
      return wholeOf(value) ?? "has a non-int value";
    case "number":
      return numberOf(value) ?? "has a non-float value";
    case "object":
      return objectOf(value, name);
    default: {
      const text = annotationText(value);
      return text === undefined ? undefined : rightTrimmed(text);
    }
  }
}

const BOOLEANS = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

function booleanOf(value: unknown): boolean | undefined {
  // 1.0 is no boolean, as in Socorro.
  return isExactNumber(value) ? undefined : BOOLEANS.get(annotationText(value)?.toLowerCase() ?? "");
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = annotationText(value);
  return text === undefined ? undefined : numberOfText(text);
}

function objectOf(value: unknown, name: string): unknown {
  let object = value;
  if (typeof value === "string") {
    try {
      object = parseExactJson(value);
    } catch {
      return "value is malformed json";
    }
  }
  const isGood = isRecord(object) && (name !== "java_exception" || isJavaException(object));
  return isGood ? object : `value is malformed ${name}`;
}
