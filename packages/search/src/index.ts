export { semicolonElements, standardWords } from "./analysis.ts";
export { UnreadableParameter } from "./bad-parameter.ts";
export { crashesFound, type FoundCrashes } from "./crash-ids.ts";
export { DOCUMENT_VERSION, pingDocument, type SearchDocument, searchDocument } from "./document.ts";
export { documentIn, documentText } from "./document-text.ts";
export {
  type Facets,
  type FacetTerm,
  type Hit,
  type SearchEngine,
  type SearchResult,
  termsOf,
} from "./engine.ts";
export {
  type FieldName,
  type FieldValue,
  fieldNamed,
  type SearchField,
  searchFields,
  searchFieldsOf,
} from "./fields.ts";
export { type Instant, instantOf } from "./instant.ts";
export { isDebugId, type Missed, missedBy } from "./missed-by.ts";
export { neededBy } from "./needed-by.ts";
export type { Aggregation, Condition, Filter, QueryPlan, SortKey } from "./query-plan.ts";
export type { SearchOptions } from "./search-options.ts";
export { DEEPEST_FACET, parseSuperSearch } from "./super-search.ts";
export { weekOf } from "./week.ts";
