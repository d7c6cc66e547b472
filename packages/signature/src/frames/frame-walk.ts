import { type FramePlace, type SignatureStep, shortened } from "../result/signature-step.ts";
import type { Siglists } from "../siglists/siglists.ts";
import type { FrameText } from "./frame-text.ts";

/** A frame's normalised text and where it came from. */
export interface NormalizedFrame {
  readonly made: FrameText;
  readonly at: FramePlace;
}

export interface FrameWalk<Frame extends NormalizedFrame> {
  /** The frame the walk began at; undefined when there are no frames. */
  readonly first: Frame | undefined;
  /** The frames that make the signature, from the top; none when no frame says anything. */
  readonly taken: readonly Frame[];
  readonly steps: readonly SignatureStep[];
  /** The steps in Socorro's words. */
  readonly debug: readonly string[];
}

/**
 * Walks from the first sentinel (or the top) down, leaves irrelevant frames out, and ends after the first frame
 * that is no prefix: a prefix such as `memcpy` says too little without its caller.
 */
export function walkFrames<Frame extends NormalizedFrame>(
  frames: readonly Frame[],
  siglists: Siglists,
): FrameWalk<Frame> {
  const taken: Frame[] = [];
  const steps: SignatureStep[] = [];
  const debug: string[] = [];
  const sentinel = frames.findIndex(({ made }) => siglists.sentinel(made.text) !== undefined);
  const start = Math.max(sentinel, 0);
  if (sentinel >= 0) {
    const { made, at } = frames[sentinel]!;
    debug.push(`sentinel; starting at "${made.text}" index ${sentinel}`);
    steps.push({ kind: "sentinel", name: shortened(made.text), at, by: siglists.sentinel(made.text)! });
  }
  for (let index = start; index < frames.length; index++) {
    const frame = frames[index]!;
    const skip = skipStep(frame, taken.at(-1)?.made.text, siglists);
    if (skip !== undefined) {
      steps.push(skip);
      if (skip.why === "irrelevant") debug.push(`irrelevant; ignoring: "${frame.made.text}"`);
      continue;
    }
    taken.push(frame);
    const by = siglists.prefix(frame.made.text);
    steps.push({ kind: "taken", ...walked(frame), ...(by && { by }) });
    debug.push(
      `${by === undefined ? "not a prefix; stop" : "prefix; continue iterating"}: "${frame.made.text}"`,
    );
    if (by === undefined) break;
  }
  return { first: frames[start], taken, steps, debug };
}

function skipStep(
  frame: NormalizedFrame,
  takenLast: string | undefined,
  siglists: Siglists,
): Extract<SignatureStep, { kind: "skipped" }> | undefined {
  const { text } = frame.made;
  if (text === "") return { kind: "skipped", ...walked(frame), why: "empty" };
  const by = siglists.irrelevant(text);
  if (by !== undefined) return { kind: "skipped", ...walked(frame), why: "irrelevant", by };
  if (text === takenLast && saysOnlyTheModule(text))
    return { kind: "skipped", ...walked(frame), why: "repeated" };
  return undefined;
}

function walked({ made: { text, from, ...made }, at }: NormalizedFrame) {
  return { name: shortened(text), at, ...made, ...(from !== undefined && { from: shortened(from) }) };
}

/** Frames of a module without symbols all read alike: one stands for all that follow each other. */
function saysOnlyTheModule(name: string): boolean {
  if (name.startsWith("(unloaded")) return false;
  return (
    /\.(?:dll|so)$/i.test(name) ||
    name === "XUL" || // Firefox's library on macOS
    name === "<name omitted>" ||
    name.startsWith("<unknown in")
  );
}
