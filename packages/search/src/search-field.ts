import type { SearchUse } from "@mayday/crash";

/** The name of a field in the search language and in hits: one of `searchFields`. */
export type FieldName = string;

/**
 * One element of a field's value: a string (dates too, `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`), a number, a whole number that
 * JavaScript's numbers cannot hold, or a boolean.
 */
export type FieldElement = string | number | bigint | boolean;
export type FieldValue = FieldElement | readonly FieldElement[];

/** How the index keeps a field; see `SearchUse` of the crash schema. */
export type Mapping = SearchUse["mapping"];

/** One field of the search index. */
export interface SearchField {
  readonly name: FieldName;
  /** Where it stands in the processed crash: names from the outside in. */
  readonly path: readonly string[];
  readonly validation: SearchUse["validation"];
  readonly query: SearchUse["query"];
  readonly mapping: Mapping;
  /** Whether the crash schema expects several values. */
  readonly isList: boolean;
  /** Whether it holds what stands on stacks: many values, whose order is the frames'. */
  readonly isOfStacks: boolean;
  /** Values a form suggests. */
  readonly choices: readonly string[];
  /** What a viewer must hold to filter by, sort by or see the field; empty for everybody. */
  readonly permissions: readonly string[];
  /** In a sentence. */
  readonly description: string;
}
