import type { ExactNumber } from "../exact-json.ts";
import { type AnnotationName, annotations, type Visibility } from "./annotations.ts";

/** What a value is in JSON. `strings` is a list of strings, `list` one of anything. */
export type FieldType = "string" | "integer" | "number" | "boolean" | "object" | "list" | "strings";

/**
 * How a field is searched, as Super Search defines its fields: the check of a query's text decides the operators, the
 * query what a form offers, the mapping what the index keeps. `text` is found by its words and, whole, by its text;
 * `semicolons` is found by the parts between semicolons; `integer` has 32 bits, `short` 16, `long` 64.
 */
export interface SearchUse {
  /** The name in the search language, where it differs from the field's. */
  readonly name?: string;
  /** Where in the processed crash the value stands, where that is not the field itself. */
  readonly path?: readonly string[];
  readonly validation: "str" | "enum" | "int" | "float" | "bool" | "datetime";
  readonly query: "string" | "enum" | "integer" | "float" | "bool" | "date";
  readonly mapping:
    | "keyword"
    | "text"
    | "semicolons"
    | "long"
    | "integer"
    | "short"
    | "double"
    | "boolean"
    | "date";
  /** Values a form suggests. */
  readonly choices?: readonly string[];
}

export const keyword = { validation: "str", query: "string", mapping: "keyword" } as const;
export const text = { validation: "str", query: "string", mapping: "text" } as const;
export const semicolons = { validation: "str", query: "string", mapping: "semicolons" } as const;
export const enumKeyword = { validation: "enum", query: "enum", mapping: "keyword" } as const;
export const enumText = { validation: "enum", query: "enum", mapping: "text" } as const;
export const enumSemicolons = { validation: "enum", query: "enum", mapping: "semicolons" } as const;
export const long = { validation: "int", query: "integer", mapping: "long" } as const;
export const integer = { validation: "int", query: "integer", mapping: "integer" } as const;
export const short = { validation: "int", query: "integer", mapping: "short" } as const;
export const double = { validation: "float", query: "float", mapping: "double" } as const;
export const bool = { validation: "bool", query: "bool", mapping: "boolean" } as const;
export const enumBool = { validation: "bool", query: "enum", mapping: "boolean" } as const;
export const date = { validation: "datetime", query: "date", mapping: "date" } as const;

/** One field of the processed crash. */
export interface ProcessedField {
  readonly type: FieldType;
  readonly visibility: Visibility;
  /** In a sentence. */
  readonly description: string;
  /** The annotation it is copied from, where no rule makes it. */
  readonly source?: AnnotationName;
  /** What it holds where the annotation is missing. */
  readonly fallback?: boolean;
  readonly search?: SearchUse;
  /** The fields of an object that is described further. What an object has besides is as visible as the object. */
  readonly properties?: Readonly<Record<string, ProcessedField>>;
}

interface ValueOf {
  readonly string: string;
  readonly integer: number;
  readonly number: number;
  readonly boolean: boolean;
  readonly object: object;
  readonly list: readonly unknown[];
  readonly strings: readonly string[];
}

/** A field with the type of its value; the value's type is for the compiler alone. */
export type Typed<Value> = ProcessedField & { readonly value?: Value };

/** The type of a field's value. */
export type FieldValueOf<Field> = Field extends Typed<infer Value> ? Value : never;

type Options = Pick<ProcessedField, "search" | "properties">;

/** A field that a rule makes and anybody may see. */
export function made<const Type extends FieldType>(
  type: Type,
  description: string,
  options: Options = {},
): Typed<ValueOf[Type]> {
  return { type, visibility: "public", description, ...options };
}

/** A field that a rule makes and that needs the permission to see personal data. */
export function secret<const Type extends FieldType>(
  type: Type,
  description: string,
  options: Options = {},
): Typed<ValueOf[Type]> {
  return { type, visibility: "protected", description, ...options };
}

/** The field where it may be null: something was looked for and is not known. */
export function orNull<Value>(field: Typed<Value>): Typed<Value | null> {
  return field as Typed<Value | null>;
}

/** An integer that may be larger than JavaScript's numbers hold. */
export function ofAnySize(field: Typed<number>): Typed<number | ExactNumber> {
  return field as Typed<number | ExactNumber>;
}

/** A field that is an annotation read as its type; as visible as that annotation. A client may send integers of any size. */
export function copied<const Type extends FieldType>(
  source: AnnotationName,
  type: Type,
  search?: SearchUse,
): Typed<Type extends "integer" ? number | ExactNumber : ValueOf[Type]> {
  return { type, ...annotations[source], source, ...(search === undefined ? {} : { search }) };
}
