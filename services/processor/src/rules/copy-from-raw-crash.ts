import { type FieldType, type ProcessedField, processedSchema } from "@mayday/crash";
import { type Rule, text } from "../rule.ts";

/** Copies annotations to the fields that the schema gives a source, as the field's type. */
export const copyFromRawCrash: Rule = {
  name: "CopyFromRawCrash",
  act({ raw, processed, notes }) {
    for (const [name, field] of Object.entries(processedSchema as Record<string, ProcessedField>)) {
      if (field.source === undefined) continue;
      const value = text(raw, field.source);
      if (value === undefined) continue;
      const converted = convert(value, field.type);
      if (converted === undefined) notes.push(`${field.source} is not ${article(field.type)} ${field.type}`);
      else processed[name] = converted;
    }
  },
};

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
      return /^\s*[+-]?\d{1,15}\s*$/.test(value) ? Number(value) : undefined;
    case "number":
      return value.trim() !== "" && Number.isFinite(Number(value)) ? Number(value) : undefined;
    case "object":
      return parseObject(value);
    default:
      return value.trimEnd();
  }
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
