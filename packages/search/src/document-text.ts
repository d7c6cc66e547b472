import type { SearchDocument } from "./document.ts";
import type { FieldElement, FieldName, FieldValue } from "./fields.ts";

/** A whole number that JavaScript's numbers cannot hold, as JSON has it here. */
interface WrittenBigInt {
  readonly bigint: string;
}

type Written = FieldElement | WrittenBigInt;

/** A document as JSON, to hand it from one process to another. */
export function documentText(document: SearchDocument): string {
  return JSON.stringify(document, (_name, value) =>
    typeof value === "bigint" ? ({ bigint: String(value) } satisfies WrittenBigInt) : value,
  );
}

/** The document that {@link documentText} wrote. */
export function documentIn(text: string): SearchDocument {
  const document: SearchDocument = { version: 0, ...JSON.parse(text) };
  const fields = document.fields as Record<FieldName, FieldValue>;
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "object")
      fields[name] = Array.isArray(value)
        ? value.map(elementIn)
        : elementIn(value as unknown as WrittenBigInt);
  }
  return document;
}

const elementIn = (value: Written): FieldElement =>
  typeof value === "object" ? BigInt(value.bigint) : value;
