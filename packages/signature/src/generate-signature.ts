import type { CrashData } from "./crash-data.ts";
import type { Siglists } from "./siglists.ts";
import type { SignatureResult } from "./signature-result.ts";
import type { RuleOutcome, SignatureRule } from "./signature-rule.ts";
import { signatureRules } from "./signature-rules.ts";

/**
 * Makes the signature under which a crash is grouped. Never throws: a rule that fails leaves the signature as it
 * was and a note. Source: Socorro's signature generation as of August 2026.
 * @param crash what is known of the crash; parts that are absent or of a wrong type are passed over
 * @param siglists the lists that steer the walk, from `loadSiglists`
 */
export function generateSignature(crash: CrashData, siglists: Siglists): SignatureResult {
  let result: SignatureResult = { signature: "", notes: [], steps: [] };
  for (const rule of signatureRules) {
    const outcome = outcomeOf(rule, crash, siglists, result.signature);
    if (outcome !== undefined) result = changed(result, rule, outcome);
  }
  return result;
}

/** One bad value must not cost a crash its signature, nor the rules that follow. */
function outcomeOf(
  rule: SignatureRule,
  crash: CrashData,
  siglists: Siglists,
  signature: string,
): RuleOutcome | undefined {
  try {
    return rule.apply({ crash, siglists, signature });
  } catch (error) {
    return { notes: [`Rule failed: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function changed(result: SignatureResult, rule: SignatureRule, outcome: RuleOutcome): SignatureResult {
  const { signature: before } = result;
  const { signature: after = before, notes = [], notesOf = rule.name, steps = [], frames } = outcome;
  return {
    ...result,
    signature: after,
    notes: [...result.notes, ...notes.map((note) => `${notesOf}: ${note}`)],
    steps: [
      ...result.steps,
      ...steps,
      ...(after === before ? [] : [{ kind: "rule" as const, rule: rule.name, before, after }]),
    ],
    ...(frames === undefined ? {} : { protoSignature: frames.join(" | "), normalizedFrames: [...frames] }),
  };
}
