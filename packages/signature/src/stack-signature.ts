import type { CrashData } from "./crash-data.ts";
import { type NormalizedFrame, walkFrames } from "./frame-walk.ts";
import { normalizeFrame } from "./normalize-frame.ts";
import type { Siglists } from "./siglists.ts";
import type { SignatureStep } from "./signature-step.ts";
import { threadFrames } from "./thread-frames.ts";

export interface StackSignature {
  readonly signature: string;
  readonly notes: readonly string[];
  readonly steps: readonly SignatureStep[];
  /** Every normalised frame, whether it has a part in the signature or not. */
  readonly frames: readonly string[];
}

/** The signature of a thread's stack (C, C++ and Rust frames). */
export function stackSignature(crash: CrashData, thread: number, siglists: Siglists): StackSignature {
  const lowerCaseModules = crash.os === "Windows NT";
  const normalized: NormalizedFrame[] = threadFrames(crash.threads, thread).map(({ at, fields }) => ({
    text: normalizeFrame(fields, lowerCaseModules, siglists.lineNumber),
    at,
  }));
  const { first, taken, steps } = walkFrames(normalized, siglists);
  const frames = normalized.map(({ text }) => text);
  if (taken.length > 0) return { signature: taken.join(" | "), notes: [], steps, frames };
  const notes = [`CSignatureTool: no frame data for crashing thread (${thread})`];
  if (first === undefined) return { signature: "EMPTY: no frame data available", notes, steps, frames };
  const fallback: SignatureStep = { kind: "fallback", name: first.text, at: first.at };
  return { signature: first.text, notes, steps: [...steps, fallback], frames };
}
