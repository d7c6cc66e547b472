import { type CrashId, parseCrashId } from "@mayday/crash";
import type { Ruleset } from "@mayday/queue";

const rulesets: Readonly<Record<Ruleset, true>> = { default: true, regenerate_signature: true };

/** A crash that somebody wants to have processed again. */
export interface AskedCrash {
  readonly crashId: CrashId;
  readonly ruleset: Ruleset;
}

/** Crashes, each `<crash id>` or `<crash id>:<ruleset>`; what is wrong with the first that is none. */
export function readAsked(texts: readonly string[]): readonly AskedCrash[] | string {
  const read = texts.map(readOne);
  return read.find((one) => typeof one === "string") ?? (read as AskedCrash[]);
}

export function isRuleset(name: string): name is Ruleset {
  return Object.hasOwn(rulesets, name);
}

function readOne(text: string): AskedCrash | string {
  // An address has a colon of its own: the ruleset follows the last part's.
  const parts = /^(.*?)(?::([^:/]*))?$/s.exec(text.trim())!;
  const [, crash = "", ruleset = "default"] = parts;
  const crashId = parseCrashId(crash);
  if (crashId === undefined) return `Crash id '${crash.slice(0, 100)}' is not valid.`;
  if (!isRuleset(ruleset)) return `Ruleset '${ruleset.slice(0, 100)}' is not valid.`;
  return { crashId, ruleset };
}
