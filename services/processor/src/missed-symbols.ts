import type { ProcessedCrash } from "@mayday/crash";
import { type MissingSymbolsJob, SYMBOLS_SETTLE_MS } from "@mayday/queue";
import { listOf, recordOf, stringOf } from "./values/json-records.ts";

/** Modules of one crash that are told: as many as a walk looks for. */
const MOST_MODULES = 2_000;

/**
 * The modules of which a walk found no symbols; undefined where there are none, and where the crash was processed
 * before: it missed them then, and counts once.
 */
export function missedSymbols({
  product,
  json_dump,
  processing_history,
}: ProcessedCrash): MissingSymbolsJob | undefined {
  if ((processing_history?.length ?? 0) > 1) return undefined;
  const modules = listOf(json_dump?.modules)
    .map(recordOf)
    .filter((module) => module["missing_symbols"] === true)
    .slice(0, MOST_MODULES)
    .map(({ filename, debug_file, debug_id, code_id }) => ({
      debugFile: stringOf(debug_file) ?? "",
      debugId: stringOf(debug_id) ?? "",
      codeFile: stringOf(filename) ?? "",
      codeId: stringOf(code_id) ?? "",
    }))
    .filter(({ debugFile, debugId }) => debugFile !== "" && debugId !== "");
  return modules.length === 0 ? undefined : { product: stringOf(product) ?? "", modules };
}

/** Whether the last processing gave the crash another signature than the one before. */
export function hasOtherSignature({ processing_history: runs }: ProcessedCrash): boolean {
  const [last, before] = runs ?? [];
  return before !== undefined && last?.signature !== before.signature;
}

/** Symbols that were missed before the ones came for which a crash is processed are asked for again: before when, ms. */
export function missesBefore(now: Date): number {
  return now.getTime() - SYMBOLS_SETTLE_MS;
}
