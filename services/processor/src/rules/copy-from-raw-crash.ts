import {
  type AnnotationName,
  type ExactNumber,
  exactNumber,
  type FieldType,
  isExactNumber,
  type ProcessedField,
  processedSchema,
} from "@mayday/crash";
import { type RawFields, type Rule, text } from "../rule.ts";

/** Copies annotations to the fields that the schema gives a source, as the field's type. */
export const copyFromRawCrash: Rule = {
  name: "CopyFromRawCrash",
  act({ raw, processed, notes }) {
    for (const [name, field] of Object.entries(processedSchema as Record<string, ProcessedField>)) {
      if (field.source === undefined) continue;
      const value = field.type === "integer" ? wholeText(raw, field.source) : text(raw, field.source);
      if (value === undefined) continue;
      const converted = convert(value, field.type);
      if (converted === undefined) notes.push(`${field.source} is not ${article(field.type)} ${field.type}`);
      else Object.assign(processed, { [name]: converted });
    }
  },
};

/** JSON may write a whole number as 1E5 or 2.0. */
function wholeText(raw: RawFields, name: AnnotationName): string | undefined {
  const value = text(raw, name);
  const whole = isExactNumber(raw[name]) ? Number(value) : undefined;
  return whole !== undefined && Number.isSafeInteger(whole) ? String(whole) : value;
}

const booleans = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);

function convert(value: string, type: FieldType): unknown {
  switch (type) {
    case "boolean":
      return booleans.get(value);
    case "integer":
      return wholeNumber(value);
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
    case "object":
      return parseObject(value);
    default:
      return value.trimEnd();
  }
}

/** More digits than any number of 128 bits has. */
const MOST_DIGITS = 39;

/** Text as a whole number with all its digits. */
function wholeNumber(text: string): number | ExactNumber | undefined {
  const [, sign, digits] = /^\s*([+-]?)0*(\d+)\s*$/.exec(text) ?? [];
  if (digits === undefined || digits.length > MOST_DIGITS) return undefined;
  const whole = exactNumber(sign === "-" ? `-${digits}` : digits);
  return typeof whole === "number" ? whole || 0 : whole;
}

function parseObject(value: string): object | undefined {
  try {
    const parsed = JSON.parse(value);
    return parsed !== null && typeof parsed === "object" && !Array.isArray(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function article(type: FieldType): string {
  return type === "integer" || type === "object" ? "an" : "a";
}
