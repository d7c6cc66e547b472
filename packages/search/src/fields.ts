import { type ProcessedField, processedPingSchema, processedSchema } from "@mayday/crash";
import type { FieldName, Mapping, SearchField } from "./search-field.ts";
import { stackFields } from "./stack-fields.ts";

export type { FieldElement, FieldName, FieldValue, Mapping, SearchField } from "./search-field.ts";

const VIEW_PROTECTED = "crashstats.view_pii";

/**
 * The search fields of a processed crash's fields, in their order. What stands in a protected object is protected.
 * @param schema fields by name, as `processedSchema` has them
 */
export function searchFieldsOf(schema: Readonly<Record<string, ProcessedField>>): readonly SearchField[] {
  return fieldsWithin(schema, [], false);
}

function fieldsWithin(
  schema: Readonly<Record<string, ProcessedField>>,
  path: readonly string[],
  isProtected: boolean,
): SearchField[] {
  return Object.entries(schema).flatMap(([name, field]) => {
    const here = [...path, name];
    const needsPermission = isProtected || field.visibility === "protected";
    const within = fieldsWithin(field.properties ?? {}, here, needsPermission);
    const { search } = field;
    if (search === undefined) return within;
    const own: SearchField = {
      name: search.name ?? name,
      path: search.path ?? here,
      validation: search.validation,
      query: search.query,
      mapping: search.mapping,
      isList: field.type === "strings",
      isOfStacks: false,
      choices: search.choices ?? [],
      permissions: needsPermission ? [VIEW_PROTECTED] : [],
      description: field.description,
    };
    return [own, ...within];
  });
}

/** What pings alone have. */
const ofPings = Object.fromEntries(
  Object.entries(processedPingSchema).filter(([name]) => !Object.hasOwn(processedSchema, name)),
);

/** Every field of the index: those of the processed crash in the order of its table, of pings, and of stacks. */
export const searchFields: readonly SearchField[] = [
  ...searchFieldsOf(processedSchema),
  ...searchFieldsOf(ofPings),
  ...stackFields,
];

const byName: ReadonlyMap<string, SearchField> = new Map(searchFields.map((field) => [field.name, field]));

/** The field of that name, undefined when the index has none. */
export function fieldNamed(name: string): SearchField | undefined {
  return byName.get(name);
}

/** The field of a name that is known to be one. */
export function knownField(name: FieldName): SearchField {
  const field = byName.get(name);
  if (field === undefined) throw new TypeError(`the index has no field ${name}`);
  return field;
}

const WHOLE = new Set<Mapping>(["long", "integer", "short"]);
const STRINGS = new Set<Mapping>(["keyword", "text", "semicolons"]);

/** Whether the field holds whole numbers. */
export const isWhole = ({ mapping }: SearchField): boolean => WHOLE.has(mapping);
export const isString = ({ mapping }: SearchField): boolean => STRINGS.has(mapping);

const bits: Partial<Record<Mapping, bigint>> = { long: 64n, integer: 32n, short: 16n };

/** The smallest and the largest whole number a field holds. */
export function limitsOf({ mapping }: SearchField): { readonly least: bigint; readonly most: bigint } {
  const size = bits[mapping];
  if (size === undefined) throw new TypeError(`${mapping} has no limits`);
  return { least: -(2n ** (size - 1n)), most: 2n ** (size - 1n) - 1n };
}
