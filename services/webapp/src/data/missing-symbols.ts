import { missingModuleIn } from "@mayday/crash";
import { type FacetTerm, termsOf } from "@mayday/search";
import type { WebappParts } from "../parts.ts";
import { ask, daysBefore, perDay, type Query } from "./ask.ts";
import { bucketsOf, numberOf } from "./buckets.ts";
import { type FilterChoices, filterChoices } from "./filter-choices.ts";

/** Which crashes and modules are looked at. */
export interface MissingSymbolsQuery {
  readonly days: number;
  /** In the search language: product, version, platform. */
  readonly filters: Query;
  /** A part of the file's name, whatever its case; undefined for any. */
  readonly file: string | undefined;
}

/** A module whose symbols crashes missed. */
export interface MissedModule {
  /** As the field `missing_symbols` names it. */
  readonly module: string;
  readonly count: number;
  /** How many signatures its crashes have. */
  readonly signatures: number;
  /** By day of the last two weeks, the last one today. */
  readonly trend: readonly number[];
}

export interface MissingSymbols {
  /** The module of most crashes first. */
  readonly modules: readonly MissedModule[];
  /** Whether there are more than are listed. */
  readonly isCut: boolean;
  /** All crashes that the filters leave, whatever they missed. */
  readonly total: number;
  readonly choices: FilterChoices;
}

export const TREND_DAYS = 14;
const MOST_MODULES = 100;
/** Modules among which a file is looked for: those that stand on the crashes that missed it, too. */
const MOST_LOOKED_AT = 1000;

/** Asks which modules' symbols crashes missed, in one round. */
export async function missingSymbols(
  parts: WebappParts,
  { days, filters, file }: MissingSymbolsQuery,
): Promise<MissingSymbols> {
  const now = parts.now();
  const span = daysBefore(days, now);
  const named: Query = file === undefined ? [] : [["missing_symbols", `~${asItIs(file)}`]];
  const counted = [
    ["_facets", "missing_symbols"],
    ["_facets_size", String(file === undefined ? MOST_MODULES + 1 : MOST_LOOKED_AT)],
    ["_results_number", "0"],
  ] as const;
  const within = [
    ["_aggs.missing_symbols", "_histogram.date"],
    ["_aggs.missing_symbols", "_cardinality.signature"],
  ] as const;
  const [all, found, choices] = await Promise.all([
    ask(parts, [...filters, ...span, ["_facets_size", "0"], ["_results_number", "0"]]),
    ask(parts, [...filters, ...named, ...span, ...counted, ...within]),
    filterChoices(parts, [["missing_symbols", "!__null__"], ...span]),
  ]);
  const terms = termsOf(found, "missing_symbols").filter(({ term }) => isOf(term, file));
  const modules = terms.slice(0, MOST_MODULES).map(({ term, count, facets }) => ({
    module: String(term),
    count,
    signatures: numberOf(facets, "cardinality_signature"),
    trend: perDay(bucketsOf(facets, "histogram_date"), TREND_DAYS, now),
  }));
  return { modules, isCut: terms.length > MOST_MODULES, total: all.total, choices };
}

/** Crashes that missed the file missed others, too. */
function isOf(term: FacetTerm["term"], file: string | undefined): boolean {
  if (file === undefined) return true;
  return missingModuleIn(String(term)).file.toLowerCase().includes(file.toLowerCase());
}

/** A text as an operator of the search language takes it: without wildcards, and small as modules are named. */
const asItIs = (text: string): string => text.toLowerCase().replaceAll(/[*?\\]/g, "\\$&");
