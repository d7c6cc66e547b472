import { type SearchField, searchFields } from "@mayday/search";
import type { Parameter } from "./endpoint.ts";

const operators: Readonly<Record<SearchField["validation"], string>> = {
  str: "`word`, `=whole`, `~part`, `^beginning`, `$end`, `@expression`",
  enum: "`value`, `=value`, `~part`, `^beginning`, `$end`, `@expression`",
  int: "`5`, `>5`, `>=5`, `<5`, `<=5`",
  float: "`5.5`, `>5`, `>=5`, `<5`, `<=5`",
  datetime: "`>2026-11-01`, `>=…`, `<…`, `<=…`",
  bool: "`__true__`, `true`, `false`",
};

const filterOf = ({ name, validation, description }: SearchField): Parameter => ({
  name,
  says: `${description} ${operators[validation]}, \`__null__\`; \`!\` before any for its opposite.`.trim(),
  isList: true,
});

/** What shapes the answer; docs/search.md is the guide. */
const shaping: readonly Parameter[] = [
  { name: "_columns", says: "A field that hits show.", isList: true },
  { name: "_results_number", says: "How many hits, 0 to 1000; 100 when absent." },
  { name: "_results_offset", says: "How many hits to pass over." },
  { name: "_sort", says: "A field to sort hits by; `-` before it for descending order.", isList: true },
  { name: "_facets", says: "A field whose values are counted.", isList: true },
  { name: "_facets_size", says: "Values of each facet, 0 to 10000; 50 when absent." },
  {
    name: "_facets_offset",
    says: "How many values of each facet to pass over; with their number up to 20000.",
  },
  { name: "_aggs.<field>", says: "What is counted within the values of a field.", isList: true },
  { name: "_histogram.<field>", says: "What is counted within intervals of a field.", isList: true },
  { name: "_histogram_interval.<field>", says: "How long an interval is." },
  { name: "source", says: "`report`, `ping` or `both`; reports when absent." },
  { name: "_weights", says: "`1` counts each crash for as many reports as it stands for." },
  { name: "_return_query", says: "`1` shows the search as it was understood, and does not make it." },
];

/** What most searches are about: shown first. */
const COMMON = new Set(["product", "version", "signature", "date", "stack_function"]);

/** The parameters of a search. The search language checks them, and says what is wrong with one. */
export const searchParameters: readonly Parameter[] = [
  ...searchFields.filter(({ name }) => COMMON.has(name)).map(filterOf),
  ...shaping,
  ...searchFields.filter(({ name }) => !COMMON.has(name)).map(filterOf),
];
