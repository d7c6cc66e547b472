import type { WindowsFrame } from "../address-space/module-symbols.ts";
import type { StackReader } from "../address-space/stack-memory-reader.ts";
import type { Caller } from "./architecture.ts";
import type { Registers } from "./registers.ts";
import { runWindowsProgram, type WindowsProgram } from "./windows-frame-program.ts";

const WORD = 4n;
const ADDRESS_SPACE_END = 1n << 32n;

/** What a program may leave for the caller. */
const RESULTS = ["eip", "esp", "ebp", "ebx", "esi", "edi"] as const;

/** The callee, and what is known of the frame it was called from. */
export interface WindowsCallee {
  readonly registers: Registers;
  readonly stack: StackReader;
  /** Bytes of the parameters that the callee pushed for its own callee; undefined in the frame that crashed. */
  readonly calleeParameterSize: number | undefined;
}

/** The caller by STACK WIN: a program (type 4), or the sizes of the frame's parts (type 0). */
export function callerByWindowsFrame(
  callee: WindowsCallee,
  frame: WindowsFrame,
  programOf: (text: string) => WindowsProgram,
): Caller | undefined {
  if (frame.program === undefined) return callerBySizes(callee, frame);
  return callerByProgram(callee, frame, programOf(frame.program), frame.program.includes("@"));
}

/**
 * @param aligns whether the program aligns the stack: then the return address is found from ebp, as esp lies an
 * unknown number of bytes below (this is what Microsoft's debuggers do, too)
 */
function callerByProgram(
  { registers, stack, calleeParameterSize = 0 }: WindowsCallee,
  frame: WindowsFrame,
  program: WindowsProgram,
  aligns: boolean,
): Caller | undefined {
  const { eip, esp, ebp, ebx } = registers as { eip: bigint; esp: bigint; ebp?: bigint; ebx?: bigint };
  if (ebp === undefined) return undefined;
  const searchStart = aligns ? ebp + WORD : esp + frameBytes(frame, calleeParameterSize);
  if (searchStart >= ADDRESS_SPACE_END) return undefined;
  const variables = new Map([
    ["$esp", esp],
    ["$ebp", ebp],
    [".cbParams", BigInt(frame.parameterSize)],
    [".cbCalleeParams", BigInt(calleeParameterSize)],
    [".cbSavedRegs", BigInt(frame.savedRegisterSize)],
    [".cbLocals", BigInt(frame.localSize)],
    [".raSearch", searchStart],
    [".raSearchStart", searchStart],
  ]);
  if (ebx !== undefined) variables.set("$ebx", ebx);
  if (!runWindowsProgram(program, variables, (address) => stack.word(address))) return undefined;
  const caller: Record<string, bigint> = { ...forwarded(registers), eip, esp };
  for (const name of RESULTS) {
    const value = variables.get(`$${name}`);
    if (value !== undefined) caller[name] = value;
  }
  return { trust: "cfi", registers: caller };
}

function callerBySizes(
  { registers, stack, calleeParameterSize }: WindowsCallee,
  frame: WindowsFrame,
): Caller | undefined {
  const { eip, esp, ebp } = registers as { eip: bigint; esp: bigint; ebp?: bigint };
  let slot = esp + frameBytes(frame, calleeParameterSize ?? 0);
  let callerEip = stack.word(slot);
  // A function may have been entered by a jump that left its own address where the return address should be.
  if (calleeParameterSize === undefined && callerEip === eip) {
    slot += WORD;
    callerEip = stack.word(slot);
  }
  const savedAt = esp + BigInt(calleeParameterSize ?? 0) + BigInt(frame.savedRegisterSize) - 2n * WORD;
  const callerEbp = frame.allocatesBasePointer ? stack.word(savedAt) : ebp;
  const callerEsp = slot + WORD;
  if (callerEip === undefined || callerEbp === undefined || callerEsp >= ADDRESS_SPACE_END) return undefined;
  return {
    trust: "cfi",
    registers: { ...forwarded(registers), eip: callerEip, esp: callerEsp, ebp: callerEbp },
  };
}

/** Registers that the frame's record says nothing of stay as they are (rust-minidump's rule). */
function forwarded(registers: Registers): Registers {
  const kept = ["ebp", "ebx", "edi", "esi"].filter((name) => registers[name] !== undefined);
  return Object.fromEntries(kept.map((name) => [name, registers[name]!]));
}

function frameBytes(frame: WindowsFrame, calleeParameterSize: number): bigint {
  return BigInt((frame.localSize + frame.savedRegisterSize + calleeParameterSize) >>> 0);
}
