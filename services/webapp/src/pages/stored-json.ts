import type { AsRead } from "@mayday/crash";

/**
 * Reading of stored documents. What they hold came from clients, or from an older version of the processor, so any
 * value may be of any type; a page shows what it can and never fails.
 */
export type JsonRecord = Readonly<Record<string, unknown>>;

/** The value as an object; an empty one when it is none. */
export function recordOf<Part = JsonRecord>(value: unknown): AsRead<Part> {
  return value !== null && typeof value === "object" && !Array.isArray(value) ? (value as AsRead<Part>) : {};
}

/** The value as a list of objects; an empty one when it is no list. */
export function recordsOf<Part = JsonRecord>(value: unknown): readonly AsRead<Part>[] {
  return Array.isArray(value) ? value.map((part) => recordOf<Part>(part)) : [];
}

/** The value as text: empty for null and undefined, JSON for lists and objects. */
export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value !== "object") return String(value);
  try {
    return JSON.stringify(value);
  } catch {
    return "(nested too deep to show)";
  }
}

/** The value as a whole number of zero or more; undefined when it is none. */
export function indexOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
