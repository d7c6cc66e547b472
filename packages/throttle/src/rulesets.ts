import { mozillaRules } from "./mozilla-rules.ts";
import type { ThrottleRule } from "./throttle-rule.ts";

const acceptAll: readonly ThrottleRule[] = [
  { name: "accept_everything", matches: () => true, result: "accept" },
];

/** The rule sets that the collector can be told to use, by name. */
export const rulesets = { accept_all: acceptAll, mozilla: mozillaRules } as const;
export type RulesetName = keyof typeof rulesets;
