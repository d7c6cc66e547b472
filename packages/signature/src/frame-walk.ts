import type { Siglists } from "./siglists.ts";
import type { FramePlace, SignatureStep } from "./signature-step.ts";

/** A frame's normalised text and where it came from. */
export interface NormalizedFrame {
  readonly text: string;
  readonly at: FramePlace;
}

export interface FrameWalk {
  /** The frame the walk began at; undefined when there are no frames. */
  readonly first: NormalizedFrame | undefined;
  /** The frames that make the signature, from the top; none when no frame says anything. */
  readonly taken: readonly string[];
  readonly steps: readonly SignatureStep[];
}

/**
 * Walks from the first sentinel (or the top) down, leaves irrelevant frames out, and ends after the first frame
 * that is no prefix: a prefix such as `memcpy` says too little without its caller.
 */
export function walkFrames(frames: readonly NormalizedFrame[], siglists: Siglists): FrameWalk {
  const taken: string[] = [];
  const steps: SignatureStep[] = [];
  const sentinel = frames.findIndex(({ text }) => siglists.sentinel(text) !== undefined);
  const walked = frames.slice(Math.max(sentinel, 0));
  for (const { text: name, at } of walked) {
    if (steps.length === 0 && sentinel >= 0)
      steps.push({ kind: "sentinel", name, at, by: siglists.sentinel(name)! });
    const skip = skipStep(name, at, taken.at(-1), siglists);
    if (skip !== undefined) {
      steps.push(skip);
      continue;
    }
    taken.push(name);
    const by = siglists.prefix(name);
    steps.push(by === undefined ? { kind: "taken", name, at } : { kind: "taken", name, at, by });
    if (by === undefined) break;
  }
  return { first: walked[0], taken, steps };
}

function skipStep(
  name: string,
  at: FramePlace,
  takenLast: string | undefined,
  siglists: Siglists,
): SignatureStep | undefined {
  if (name === "") return { kind: "skipped", name, at, why: "empty" };
  const by = siglists.irrelevant(name);
  if (by !== undefined) return { kind: "skipped", name, at, why: "irrelevant", by };
  if (name === takenLast && saysOnlyTheModule(name)) return { kind: "skipped", name, at, why: "repeated" };
  return undefined;
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
