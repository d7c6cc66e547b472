import { type CpuContext, instructionPointer, type MemoryRange } from "@mayday/minidump";
import { StackReader } from "../address-space/stack-memory-reader.ts";
import type { Architecture, Callee } from "../unwind/architecture.ts";
import { architectureOf } from "../unwind/architectures.ts";
import type { Registers } from "../unwind/registers.ts";
import { contextInstruction } from "./context-instruction.ts";
import { findCaller } from "./find-caller.ts";
import type { Frame, FrameTrust } from "./frame.ts";
import { KeptFrames } from "./kept-frames.ts";
import { callerReturnedTo, ShadowStack } from "./shadow-stack.ts";
import type { WalkScene } from "./walk-scene.ts";
import type { WalkSteps } from "./walk-steps.ts";

/** What Mozilla's dump_syms names the whole code of a stripped ELF file. */
const SECTION_NAME = /^<\S+ ELF section in .+>$/;

/** The first page of an address space is never mapped: no code is there. */
const FIRST_PAGE_END = 4096n;

/** A thread's memory; undefined where the dump lacks it. */
export interface ThreadMemory {
  readonly stack: MemoryRange | undefined;
  /** Holds the return addresses that the processor kept. */
  readonly shadow: MemoryRange | undefined;
}

/**
 * Walks one thread from `context` up. Every frame after the first is found by call-frame rules, else by the frame
 * pointer, else by scanning; the walk ends where none finds a caller further up the stack (rust-minidump's order
 * and end rules).
 * @param maxFrames the walk ends at so many frames
 */
export function* walkThread(
  context: CpuContext,
  { stack: stackRange, shadow: shadowRange }: ThreadMemory,
  scene: WalkScene,
  maxFrames: number,
): WalkSteps<KeptFrames> {
  const frames = new KeptFrames();
  const architecture = architectureOf(context.cpu);
  const stack =
    stackRange && architecture && new StackReader(stackRange, architecture.wordBytes, scene.onStackUse);
  const { os, stripped } = scene;
  const { registers } = context;
  let first = instructionPointer(context);
  if (scene.improvements.has("behind_no_return")) {
    const callee: Callee | undefined = stack && { registers, trust: "context", stack, os, stripped };
    first = yield* contextInstruction(architecture, first, callee, scene);
  }
  frames.push(yield* symbolize("context", first, registers, scene));
  if (stack === undefined || architecture === undefined) return frames;
  const shadow = shadowRange && shadowStackOf(context, shadowRange, scene);
  while (frames.count < maxFrames) {
    const { registers, trust } = frames.last;
    const callee: Callee = { registers, trust, stack, os, stripped };
    const found = yield* findCaller(architecture, callee, frames, scene);
    const due = shadow?.next();
    if (due === "end") break;
    const isOther = due !== undefined && found?.registers[architecture.ip] !== due;
    const caller = isOther ? callerReturnedTo(due, architecture, callee, scene) : found;
    if (caller === undefined || !goesOn(architecture, caller.registers)) break;
    if (!architecture.isFurtherUp(caller, callee)) break;
    const call = caller.registers[architecture.ip]! - architecture.callDistance;
    if (due === undefined && isNoCode(call, scene)) break;
    frames.push(yield* symbolize(caller.trust, call, caller.registers, scene));
  }
  return frames;
}

/** The thread's shadow stack; one whose first word is none has nothing to tell. */
function shadowStackOf(
  { shadowStackPointer }: CpuContext,
  range: MemoryRange,
  { improvements, onStackUse }: WalkScene,
): ShadowStack | undefined {
  if (shadowStackPointer === undefined || !improvements.has("shadow_stack")) return undefined;
  const first = new ShadowStack(range, shadowStackPointer, onStackUse).next();
  if (first === undefined || first === "end") return undefined;
  return new ShadowStack(range, shadowStackPointer, onStackUse);
}

/** Whether what returns there is known to be none of the callers. */
function isNoCode(address: bigint, { improvements, memory }: WalkScene): boolean {
  if (improvements.has("return_to_data") && memory.isCode(address) === false) return true;
  return improvements.has("stack_is_no_code") && memory.isStack(address);
}

function goesOn(architecture: Architecture, caller: Registers): boolean {
  return caller[architecture.ip]! >= FIRST_PAGE_END;
}

function* symbolize(
  trust: FrameTrust,
  instruction: bigint,
  registers: Registers,
  { requests, improvements }: WalkScene,
): WalkSteps<Frame> {
  const place = requests.knownPlaceOf(instruction) ?? (yield* requests.placeOf(instruction));
  const hit = place === undefined ? undefined : requests.hitAt(place);
  const isNone = hit !== undefined && improvements.has("section_names") && SECTION_NAME.test(hit.function);
  const symbol = isNone ? undefined : hit;
  return { trust, instruction, module: place?.module, symbol, registers };
}
