import type { CrashData } from "../crash-data/crash-data.ts";
import { type SignatureStep, shortened } from "../result/signature-step.ts";
import type { Siglists } from "../siglists/siglists.ts";
import type { SignatureSwitch } from "../signature-switches.ts";
import { walkFrames } from "./frame-walk.ts";
import { signatureByOffsets } from "./module-offsets.ts";
import { type StackFrame, threadFrames } from "./thread-frames.ts";

export interface StackSignature {
  readonly signature: string;
  readonly notes: readonly string[];
  readonly steps: readonly SignatureStep[];
  readonly debug: readonly string[];
  /** Every normalised frame, whether it has a part in the signature or not. */
  readonly frames: readonly string[];
}

/** The signature of a thread's stack (C, C++ and Rust frames). */
export function stackSignature(
  crash: CrashData,
  thread: number,
  siglists: Siglists,
  switches: ReadonlySet<SignatureSwitch>,
): StackSignature {
  const lowerCaseModules = crash.os === "Windows NT";
  const stack = threadFrames(crash.threads, thread, (fields) =>
    siglists.normalizeFrame(fields, lowerCaseModules, switches.has("improved-names")),
  );
  const { first, taken, steps, debug: walked } = walkFrames(stack, siglists);
  const debug = ["using CSignatureTool", "using included signature lists", ...walked];
  const frames = stack.map(({ made }) => made.text);
  const isFallback = taken.length === 0;
  const notes = isFallback ? [`CSignatureTool: no frame data for crashing thread (${thread})`] : [];
  if (first === undefined)
    return { signature: "EMPTY: no frame data available", notes, steps, debug, frames };
  const fallback: SignatureStep[] = isFallback
    ? [{ kind: "fallback", name: shortened(first.made.text), at: first.at }]
    : [];
  const { signature, switched } = joined(isFallback ? [first] : taken, switches);
  return { signature, notes, steps: [...steps, ...fallback, ...switched], debug, frames };
}

/** The signature of the frames that make it, and what a switch changed in it. */
function joined(
  parts: readonly StackFrame[],
  switches: ReadonlySet<SignatureSwitch>,
): { signature: string; switched: SignatureStep[] } {
  const before = parts.map(({ made }) => made.text).join(" | ");
  const after = switches.has("module-offsets") ? signatureByOffsets(parts) : undefined;
  if (after === undefined) return { signature: before, switched: [] };
  const name = "module-offsets";
  const step: SignatureStep = { kind: "switch", name, before: shortened(before), after: shortened(after) };
  return { signature: after, switched: [step] };
}
