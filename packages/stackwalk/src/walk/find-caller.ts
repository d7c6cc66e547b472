import type { Architecture, Callee, Caller } from "../unwind/architecture.ts";
import { callerByRules } from "../unwind/unwind-by-rules.ts";
import { callerByScan } from "../unwind/unwind-by-scan.ts";
import { callerByWindowsFrame } from "../unwind/unwind-by-windows-frame.ts";
import type { KeptFrames } from "./kept-frames.ts";
import { leafCaller } from "./leaf-caller.ts";
import type { WalkScene } from "./walk-scene.ts";
import type { Place, WalkSteps } from "./walk-steps.ts";

/** The first page of an address space is never mapped: no code is there. */
const FIRST_PAGE_END = 4096n;

const WINDOWS_SAVED = ["rdi", "rsi"];

/** The caller of the outermost frame so far. */
export function* findCaller(
  architecture: Architecture,
  callee: Callee,
  frames: KeptFrames,
  scene: WalkScene,
): WalkSteps<Caller | undefined> {
  const { instruction } = frames.last;
  const place = scene.requests.knownPlaceOf(instruction) ?? (yield* scene.requests.placeOf(instruction));
  if (place?.symbols !== undefined) {
    const bySymbols = callerBySymbols(architecture, callee, frames, place, scene);
    if (bySymbols !== "none") return bySymbols;
  }
  if (scene.improvements.has("leaf_frames") && callee.trust === "context") {
    const leaf = yield* leafCaller(architecture, callee, place, scene);
    if (leaf !== undefined) return leaf;
  }
  if (scene.improvements.has("apple_chain_end") && endsAppleChain(architecture, callee)) return undefined;
  return architecture.callerByFramePointer(callee) ?? (yield* callerByScan(architecture, callee, scene));
}

/** Whether the callee was found by the chain of frame pointers, and is the one whose record says that none is behind. */
function endsAppleChain({ fp, cpu }: Architecture, { registers, trust, os }: Callee): boolean {
  const isApple = os === "Mac OS X" || os === "iOS";
  return isApple && (cpu === "arm64" || cpu === "amd64") && trust === "frame_pointer" && registers[fp] === 0n;
}

/** By what the symbols say of the function's frame. undefined ends the walk; `none` leaves it to other methods. */
function callerBySymbols(
  architecture: Architecture,
  callee: Callee,
  frames: KeptFrames,
  { symbols, offset }: Place,
  { improvements, windowsPrograms }: WalkScene,
): Caller | undefined | "none" {
  if (architecture.cpu === "x86") {
    const frame = symbols?.windowsFrame(offset);
    const inner = frames.beforeLast;
    const calleeParameterSize = inner === undefined ? undefined : (inner.symbol?.parameterSize ?? 0);
    const byFrame =
      frame &&
      callerByWindowsFrame({ ...callee, calleeParameterSize }, frame, (text) => windowsPrograms.get(text));
    const isNowhere =
      improvements.has("windows_frame_to_nowhere") && (byFrame?.registers["eip"] ?? 0n) < FIRST_PAGE_END;
    if (byFrame !== undefined && !isNowhere) return byFrame;
  }
  const rules = symbols?.cfiRules(offset);
  if (rules === undefined) return "none";
  if (rules.returnAddress === undefined) return improvements.has("outermost_frame") ? undefined : "none";
  const calleeSaved = savedRegisters(architecture, callee, improvements);
  // The lr that a frame record told is that of a call further in, unless the function has only just been entered.
  const isGuessed = architecture.cpu === "arm64" && callee.trust === "frame_pointer";
  const unreadable = isGuessed && symbols?.beginsCfiRange(offset) === false ? "lr" : undefined;
  return callerByRules(architecture, callee, rules, calleeSaved, unreadable) ?? "none";
}

function savedRegisters(
  { cpu, calleeSaved, fp }: Architecture,
  { os, trust }: Callee,
  improvements: WalkScene["improvements"],
): readonly string[] {
  if (cpu === "amd64" && os === "Windows NT" && improvements.has("windows_saved_registers"))
    return [...calleeSaved, ...WINDOWS_SAVED];
  const isForgotten = trust === "frame_pointer" && (cpu === "arm" || cpu === "arm64");
  if (isForgotten && !improvements.has("kept_frame_pointer"))
    return calleeSaved.filter((name) => name !== fp);
  return calleeSaved;
}
