import type { CpuContext, MemoryRange, Minidump, Os } from "@mayday/minidump";
import type { CfiProgram } from "./cfi-program.ts";
import type { Frame, FrameTrust } from "./frame.ts";
import { moduleOffset } from "./module-map.ts";
import { StackReader } from "./stack-memory-reader.ts";
import {
  type Amd64Registers,
  type Caller,
  callerByCfi,
  callerByFramePointer,
  scanForCallers,
} from "./unwind-amd64.ts";
import type { SymbolRequests, WalkSteps } from "./walk-steps.ts";

/** The first page of an address space is never mapped: no code is there. */
const FIRST_PAGE_END = 4096n;

/**
 * Walks one thread from `context` up. Every frame after the first is found by call-frame rules, else by the frame
 * pointer, else by scanning; the walk ends where none finds a caller further up the stack (rust-minidump's order
 * and end rules).
 * @param maxFrames the walk ends at so many frames
 */
export function* walkThread(
  context: CpuContext,
  stackRange: MemoryRange | undefined,
  { byteOrder, systemInfo }: Pick<Minidump, "byteOrder" | "systemInfo">,
  requests: SymbolRequests,
  maxFrames: number,
): WalkSteps<Frame[]> {
  let registers: Amd64Registers = context.registers;
  const frames = [yield* symbolize("context", registers.rip, requests)];
  if (stackRange === undefined) return frames;
  const stack = new StackReader(stackRange, byteOrder);
  while (frames.length < maxFrames) {
    const caller: Caller | undefined = yield* findCaller(
      registers,
      frames.at(-1)!,
      stack,
      systemInfo.os,
      requests,
    );
    if (caller === undefined || !goesOn(caller.registers, registers)) break;
    const call = caller.registers.rip - 1n;
    if (requests.data?.holds(call)) break;
    registers = caller.registers;
    frames.push(yield* symbolize(caller.trust, call, requests));
  }
  return frames;
}

function goesOn(caller: Amd64Registers, callee: Amd64Registers): boolean {
  return caller.rip >= FIRST_PAGE_END && caller.rsp > callee.rsp;
}

function* symbolize(trust: FrameTrust, instruction: bigint, requests: SymbolRequests): WalkSteps<Frame> {
  const module = requests.modules.at(instruction);
  if (module === undefined) return { trust, instruction, module, symbol: undefined };
  const symbols = yield* requests.symbolsOf(module);
  return { trust, instruction, module, symbol: symbols?.lookup(moduleOffset(module, instruction)) };
}

function* findCaller(
  callee: Amd64Registers,
  frame: Frame,
  stack: StackReader,
  os: Os,
  requests: SymbolRequests,
): WalkSteps<Caller | undefined> {
  const program = yield* callFrameRules(frame, requests);
  if (program !== undefined) {
    const isOutermost = program.returnAddress === undefined;
    if (isOutermost && requests.data !== undefined) return undefined;
    const byCfi = callerByCfi(callee, program, stack);
    if (byCfi !== undefined) return byCfi;
  }
  const byFramePointer = callerByFramePointer(callee, stack, os);
  if (byFramePointer !== undefined) return byFramePointer;
  return yield* findCallerByScan(callee, frame.trust, stack, requests);
}

/** The first scanned word that lies in a module and, where its symbols are known, in one of its functions. */
function* findCallerByScan(
  callee: Amd64Registers,
  trust: FrameTrust,
  stack: StackReader,
  requests: SymbolRequests,
): WalkSteps<Caller | undefined> {
  for (const caller of scanForCallers(callee, trust, stack)) {
    // Not the call but what it returns to: the auxiliary vector holds the dynamic linker's base, which may lie right
    // behind the vdso.
    if (requests.data?.holds(caller.registers.rip)) continue;
    const call = caller.registers.rip - 1n;
    const module = requests.modules.at(call);
    if (module === undefined) continue;
    const symbols = yield* requests.symbolsOf(module);
    const isCode =
      symbols === undefined || (symbols.lookup(moduleOffset(module, call))?.function ?? "") !== "";
    if (isCode) return caller;
  }
  return undefined;
}

function* callFrameRules(
  { instruction, module }: Frame,
  requests: SymbolRequests,
): WalkSteps<CfiProgram | undefined> {
  if (module === undefined) return undefined;
  const symbols = yield* requests.symbolsOf(module);
  const rules = symbols?.cfiRules(moduleOffset(module, instruction));
  return rules === undefined ? undefined : requests.programs.get(rules);
}
