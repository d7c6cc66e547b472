import type { SubmittedAnnotations } from "@mayday/crash";
import {
  annotationText,
  type Sampling,
  type ThrottleContext,
  type ThrottleResult,
  type ThrottleRule,
} from "./throttle-rule.ts";

export interface ThrottleDecision {
  readonly result: ThrottleResult;
  /** The name of the rule that decided. */
  readonly rule: string;
  /** The share of such reports that is kept, percent; 10 means that each kept one stands for ten. */
  readonly percent: number;
}

/**
 * Asks the rules in their order; the first that matches and does not continue decides. No match rejects.
 * @param random gives numbers from 0 up to 1
 */
export function throttle(
  annotations: SubmittedAnnotations,
  rules: readonly ThrottleRule[],
  context: ThrottleContext,
  random: () => number,
): ThrottleDecision {
  const annotation = (name: string) => annotationText(annotations, name);
  let percent = 100;
  for (const rule of rules) {
    if (rule.needs !== undefined && annotation(rule.needs) === undefined) continue;
    if (!rule.matches(annotation, context)) continue;
    const drawn = draw(rule.result, random);
    percent *= drawn.share;
    if (drawn.result !== "continue") return { result: drawn.result, rule: rule.name, percent };
  }
  return { result: "reject", rule: "NO_MATCH", percent: 0 };
}

function draw(result: ThrottleResult | Sampling, random: () => number) {
  if (typeof result === "string") return { result, share: 1 };
  const share = result.percent / 100;
  return random() < share ? { result: result.kept, share } : { result: result.otherwise, share: 1 - share };
}
