import type { FrameSource } from "../frames/frame-text.ts";
import type { NameImprovement } from "../frames/improved-name.ts";
import type { SiglistLine } from "../siglists/siglist.ts";
import type { SignatureSwitch } from "../signature-switches.ts";

/** Where an entry of the walk came from: indexes into the threads, the thread's frames and, for an inlined function, the frame's inlines. */
export interface FramePlace {
  readonly thread: number;
  readonly frame: number;
  readonly inline?: number;
}

/** Characters of a text that a step has: steps are kept with every crash, and names may be of any length. */
const MOST_SHOWN = 1000;

/** A text as a step has it. */
export function shortened(text: string): string {
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN)}…`;
}

/** A frame that the walk came by. */
interface WalkedFrame {
  /** Its normalised text. */
  readonly name: string;
  readonly at: FramePlace;
  /** What the text was made of. */
  readonly source: FrameSource;
  /** What the frame has, where normalising changed it. */
  readonly from?: string;
  /** What was improved in the name before it was normalised. */
  readonly improved?: readonly NameImprovement[];
  /** The line of the list for which the text has the line number. */
  readonly lineNumber?: SiglistLine;
}

/**
 * One reason why a signature reads as it does, in the order in which they came about.
 * - `sentinel`: the walk starts at this frame, because a sentinel names it.
 * - `taken`: the frame became part of the signature. With `by` (a prefix line) the walk goes on, without it ends.
 * - `skipped`: the frame has no part in the signature: nothing is known of it (`empty`), an irrelevant line
 *   matches it (`irrelevant`, with `by`), or it is the module that was taken last (`repeated`).
 * - `fallback`: no frame was taken, so the one where the walk began is the signature.
 * - `switch`: a switch that was turned on changed the signature.
 * - `rule`: a rule changed the signature, and why.
 */
export type SignatureStep =
  | { readonly kind: "sentinel"; readonly name: string; readonly at: FramePlace; readonly by: SiglistLine }
  | (WalkedFrame & { readonly kind: "taken"; readonly by?: SiglistLine })
  | (WalkedFrame & {
      readonly kind: "skipped";
      readonly why: "empty" | "irrelevant" | "repeated";
      readonly by?: SiglistLine;
    })
  | { readonly kind: "fallback"; readonly name: string; readonly at: FramePlace }
  | {
      readonly kind: "switch";
      readonly name: SignatureSwitch;
      readonly before: string;
      readonly after: string;
    }
  | {
      readonly kind: "rule";
      readonly rule: string;
      readonly why: string;
      readonly before: string;
      readonly after: string;
    };
