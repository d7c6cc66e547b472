import { type ProcessedCrash, parseExactJson, type RawCrash, upgradeProcessedCrash } from "@mayday/crash";
import { errorLine } from "@mayday/errors";
import { documentText, searchDocument } from "@mayday/search";
import { compressedJson } from "@mayday/storage";
import { effectOn } from "../effect.ts";
import { hasOtherSignature, missedSymbols, missesBefore } from "../missed-symbols.ts";
import { FAILED_SIGNATURE, processCrash } from "../process-crash.ts";
import type { RuleTools } from "../rule.ts";
import type { Walker } from "../walker/walker.ts";
import type { LoadedRequest, ProcessingResult } from "./processing.ts";

/**
 * Processes a report from its stored text to the text that is stored.
 * @throws {SyntaxError} where the raw crash is no JSON
 */
export async function processReport(
  { crashId, raw, dumps, previous, ruleset, why, versions }: LoadedRequest,
  tools: RuleTools,
  now: () => Date,
): Promise<ProcessingResult> {
  const ruleFailures: { rule: string; error: string }[] = [];
  const symbolEvents: Record<string, number> = {};
  const missesSince = why === "symbols" ? missesBefore(now()) : undefined;
  const report = { raw: parseExactJson(raw) as RawCrash, dumps };
  const before = previousIn(previous);
  const processed = await processCrash(crashId, report, {
    ruleset,
    why,
    versions,
    previous: before,
    tools: { ...tools, walker: countingWalker(tools.walker, symbolEvents, missesSince) },
    now,
    onRuleFailure: (rule, error) => ruleFailures.push({ rule, error: errorLine(error) }),
  });
  return {
    processed: compressedJson(processed),
    document: documentText(searchDocument(processed)),
    signature: processed.signature ?? FAILED_SIGNATURE,
    status: processed.mdsw_status_string,
    missed: missedSymbols(processed),
    isChanged: hasOtherSignature(processed),
    effect: effectOn(before, processed),
    ruleFailures,
    symbolEvents,
  };
}

/** What an earlier processing made, with the digits of its numbers; a document that is damaged is made anew. */
function previousIn(text: string | undefined): ProcessedCrash | undefined {
  if (text === undefined) return undefined;
  try {
    return upgradeProcessedCrash(parseExactJson(text) as Record<string, unknown>);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** A walker that counts how its walks came by their symbols, and asks again for what was missed before. */
function countingWalker(
  walker: Walker,
  events: Record<string, number>,
  missesSince: number | undefined,
): Walker {
  return {
    limitMs: walker.limitMs,
    async walk(request) {
      const outcome = await walker.walk(missesSince === undefined ? request : { ...request, missesSince });
      for (const [event, amount] of Object.entries(outcome.symbolEvents))
        events[event] = (events[event] ?? 0) + amount;
      return outcome;
    },
  };
}
