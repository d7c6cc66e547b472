import type { SiglistLine } from "./siglist.ts";

/** Where an entry of the walk came from: indexes into the threads, the thread's frames and, for an inlined function, the frame's inlines. */
export interface FramePlace {
  readonly thread: number;
  readonly frame: number;
  readonly inline?: number;
}

/**
 * One reason why a signature reads as it does, in the order in which they came about.
 * - `sentinel`: the walk starts at this frame, because a sentinel names it.
 * - `taken`: the frame became part of the signature. With `by` (a prefix line) the walk goes on, without it ends.
 * - `skipped`: the frame has no part in the signature: nothing is known of it (`empty`), an irrelevant line
 *   matches it (`irrelevant`, with `by`), or it is the module that was taken last (`repeated`).
 * - `fallback`: no frame was taken, so the one where the walk began is the signature.
 * - `rule`: a rule changed the signature.
 */
export type SignatureStep =
  | { readonly kind: "sentinel"; readonly name: string; readonly at: FramePlace; readonly by: SiglistLine }
  | { readonly kind: "taken"; readonly name: string; readonly at: FramePlace; readonly by?: SiglistLine }
  | {
      readonly kind: "skipped";
      readonly name: string;
      readonly at: FramePlace;
      readonly why: "empty" | "irrelevant" | "repeated";
      readonly by?: SiglistLine;
    }
  | { readonly kind: "fallback"; readonly name: string; readonly at: FramePlace }
  | { readonly kind: "rule"; readonly rule: string; readonly before: string; readonly after: string };
