import type { SignatureStep } from "./signature-step.ts";

export interface SignatureResult {
  /** Printable ASCII, at most 255 characters. */
  signature: string;
  /** What the rules have to say, each `RuleName: text`. */
  notes: string[];
  /** All normalised frames of the thread joined with ` | `, not shortened; absent when there are none. */
  protoSignature?: string;
  /** The normalised frames themselves (at most 40); absent when there are none. */
  normalizedFrames?: string[];
  /** Why the signature reads as it does, in the order in which it came about. */
  steps: SignatureStep[];
  /** The same in Socorro's words, each `RuleName: text`. */
  debug: string[];
}
