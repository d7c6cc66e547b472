import type { CrashData } from "./crash-data.ts";
import type { Siglists } from "./siglists.ts";
import type { SignatureStep } from "./signature-step.ts";

/** What a rule may look at. */
interface RuleInput {
  readonly crash: CrashData;
  readonly siglists: Siglists;
  /** The signature as the rules before left it. */
  readonly signature: string;
}

/** What a rule changes; what is absent stays as it is. */
export interface RuleOutcome {
  readonly signature?: string;
  /** Without the name that is put before each: `notesOf`, or else the rule's own. */
  readonly notes?: readonly string[];
  readonly notesOf?: string;
  /** Reasons from within the rule. That the rule changed the signature is recorded by the pipeline. */
  readonly steps?: readonly SignatureStep[];
  /** The normalised frames the signature was made of. */
  readonly frames?: readonly string[];
}

/** One step of the pipeline. */
export interface SignatureRule {
  /** Socorro's name: it stands in notes, which people search for. */
  readonly name: string;
  /** Undefined when the rule has nothing to change. */
  apply(input: RuleInput): RuleOutcome | undefined;
}
