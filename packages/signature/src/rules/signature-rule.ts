import type { CrashData } from "../crash-data/crash-data.ts";
import type { SignatureStep } from "../result/signature-step.ts";
import type { Siglists } from "../siglists/siglists.ts";
import type { SignatureSwitch } from "../signature-switches.ts";

/** What a rule may look at. */
export interface RuleInput {
  readonly crash: CrashData;
  readonly siglists: Siglists;
  readonly switches: ReadonlySet<SignatureSwitch>;
  /** The signature as the rules before left it. */
  readonly signature: string;
}

/** What a rule changes; what is absent stays as it is. */
export interface RuleOutcome {
  readonly signature?: string;
  /** Why the signature changes, as a part of a sentence: "the crash reason is …". */
  readonly why?: string;
  /** Without the name that is put before each: `notesOf`, or else the rule's own. */
  readonly notes?: readonly string[];
  readonly notesOf?: string;
  /** Reasons from within the rule. That the rule changed the signature is recorded by the pipeline. */
  readonly steps?: readonly SignatureStep[];
  /** What Socorro would note of it for debugging; `notesOf` is put before each. */
  readonly debug?: readonly string[];
  /** A signature that a rule within this one made, of which it made its own. */
  readonly inner?: string;
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
