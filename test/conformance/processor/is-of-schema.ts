import { isExactNumber, type ProcessedField, processedSchema } from "@mayday/crash";

const schema = processedSchema as Readonly<Record<string, ProcessedField>>;

/** Whether a value is of the type that the schema gives its field; null is of every type. */
export function isOfSchema(field: string, value: unknown): boolean {
  const type = Object.hasOwn(schema, field) ? schema[field]!.type : undefined;
  if (value === null) return true;
  switch (type) {
    case "string":
      return typeof value === "string";
    case "boolean":
      return typeof value === "boolean";
    case "integer":
    case "number":
      return typeof value === "number" || isExactNumber(value);
    case "strings":
      return Array.isArray(value) && value.every((item) => typeof item === "string");
    default:
      return true;
  }
}
