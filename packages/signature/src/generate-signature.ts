import type { CrashData } from "./crash-data/crash-data.ts";
import type { SignatureResult } from "./result/signature-result.ts";
import { type SignatureStep, shortened } from "./result/signature-step.ts";
import type { RuleInput, RuleOutcome, SignatureRule } from "./rules/signature-rule.ts";
import { signatureRules } from "./rules/signature-rules.ts";
import type { Siglists } from "./siglists/siglists.ts";
import type { SignatureSwitch } from "./signature-switches.ts";

/**
 * Makes the signature under which a crash is grouped. Never throws: a rule that fails leaves the signature as it
 * was and a note. Source: Socorro's signature generation as of August 2026.
 * @param crash what is known of the crash; parts that are absent or of a wrong type are passed over
 * @param siglists the lists that steer the walk, from `loadSiglists`
 * @param switches where to do otherwise than siggen
 */
export function generateSignature(
  crash: CrashData,
  siglists: Siglists,
  switches: Iterable<SignatureSwitch> = [],
): SignatureResult {
  const result: SignatureResult = { signature: "", notes: [], steps: [], debug: [] };
  const input = { crash, siglists, switches: new Set(switches), signature: "" };
  for (const rule of signatureRules) {
    const outcome = outcomeOf(rule, input);
    if (outcome === undefined) continue;
    change(result, rule, outcome);
    input.signature = result.signature;
  }
  return result;
}

/** One bad value must not cost a crash its signature, nor the rules that follow. */
function outcomeOf(rule: SignatureRule, input: RuleInput): RuleOutcome | undefined {
  try {
    return rule.apply(input);
  } catch (error) {
    return { notes: [`Rule failed: ${error instanceof Error ? error.message : String(error)}`] };
  }
}

function change(result: SignatureResult, rule: SignatureRule, outcome: RuleOutcome): void {
  const { signature: before } = result;
  const {
    signature: after = before,
    why = "",
    notes = [],
    notesOf = rule.name,
    steps = [],
    debug = [],
    inner,
    frames,
  } = outcome;
  result.signature = after;
  for (const note of notes) result.notes.push(`${notesOf}: ${note}`);
  result.steps.push(...steps);
  for (const line of debug) result.debug.push(`${notesOf}: ${line}`);
  if (inner !== undefined) result.debug.push(changed(notesOf, before, inner));
  if (after !== (inner ?? before)) result.debug.push(changed(rule.name, inner ?? before, after));
  if (after !== before) result.steps.push(rewriting(rule.name, why, before, after));
  if (frames === undefined) return;
  result.protoSignature = frames.join(" | ");
  result.normalizedFrames = [...frames];
}

function changed(rule: string, before: string, after: string): string {
  return `${rule}: change signature: "${before}" -> "${after}"`;
}

function rewriting(rule: string, why: string, before: string, after: string): SignatureStep {
  return { kind: "rule", rule, why: shortened(why), before: shortened(before), after: shortened(after) };
}
