export { type SearchDocument, searchDocument } from "./document.ts";
export type { FacetTerm, Hit, SearchEngine, SearchResult } from "./engine.ts";
export { type FieldName, type FieldValue, fieldNamed, type SearchField, searchFields } from "./fields.ts";
export { type Instant, instantOf } from "./instant.ts";
export type { Condition, DateBound, FieldFilter, QueryPlan, SortKey } from "./query-plan.ts";
export { parseSuperSearch } from "./super-search.ts";
export { weekOf } from "./week.ts";
