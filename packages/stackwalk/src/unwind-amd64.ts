import { type Amd64Register, amd64Registers, type Os } from "@mayday/minidump";
import { type CfiProgram, evaluate } from "./cfi-program.ts";
import type { FrameTrust } from "./frame.ts";
import type { StackReader } from "./stack-memory-reader.ts";

/** The registers known in a frame. Those the callee may have overwritten are unknown in its caller. */
export type Amd64Registers = { readonly [name in Amd64Register]?: bigint } & {
  readonly rip: bigint;
  readonly rsp: bigint;
};

export interface Caller {
  readonly trust: FrameTrust;
  readonly registers: Amd64Registers;
}

const WORD = 8n;
/** The return address is found so many words up by scanning; further in a frame that was not itself guessed. */
const SCAN_WORDS = 40;
const SCAN_WORDS_FROM_KNOWN = 160;

/** How far up from rbp a Windows frame's saved rbp may lie. */
const WINDOWS_FRAME_BYTES = 240n;

/** Registers that a callee must give back as they were (System V and Windows agree on these). */
const CALLEE_SAVED = ["rbx", "rbp", "r12", "r13", "r14", "r15"] as const satisfies Amd64Register[];

const REGISTERS: ReadonlySet<string> = new Set(amd64Registers);

/** Names come from symbol files, and so may be anything. */
function isRegister(name: string): name is Amd64Register {
  return REGISTERS.has(name);
}

/** The caller by call-frame rules. */
export function callerByCfi(
  callee: Amd64Registers,
  program: CfiProgram,
  stack: StackReader,
): Caller | undefined {
  const inputs = {
    register: (name: string) => (isRegister(name) ? callee[name] : undefined),
    load: (address: bigint) => stack.word(address),
  };
  if (program.returnAddress === undefined) return undefined;
  const cfa = evaluate(program.cfa, inputs, undefined);
  if (cfa === undefined) return undefined;
  const returnAddress = evaluate(program.returnAddress, inputs, cfa);
  if (returnAddress === undefined) return undefined;
  const registers: Partial<Record<Amd64Register, bigint>> = {};
  for (const name of CALLEE_SAVED) if (callee[name] !== undefined) registers[name] = callee[name];
  for (const [name, rule] of program.registers) {
    if (!isRegister(name)) continue;
    const value = evaluate(rule, inputs, cfa);
    if (value === undefined) delete registers[name];
    else registers[name] = value;
  }
  // A signal frame has rules for rsp and rip of its own: they count before what the call's frame says of them.
  return { trust: "cfi", registers: { rip: returnAddress, rsp: cfa, ...registers } };
}

/**
 * The caller by the chain of frame pointers, for code that keeps rbp.
 * @param os on Windows rbp points into the frame, up to 240 bytes before the place where the caller's is saved:
 * its prologs may set rbp before all of the frame is there (UWOP_SET_FPREG)
 */
export function callerByFramePointer(callee: Amd64Registers, stack: StackReader, os: Os): Caller | undefined {
  const { rbp, rsp } = callee;
  if (rbp === undefined) return undefined;
  const lastSlot = os === "Windows NT" ? rbp + WINDOWS_FRAME_BYTES : rbp;
  for (let slot = rbp; slot <= lastSlot; slot += 2n * WORD) {
    const callerRbp = stack.word(slot);
    const callerRip = stack.word(slot + WORD);
    if (callerRip === undefined || callerRbp === undefined) return undefined;
    const callerRsp = slot + 2n * WORD;
    // A saved frame pointer points up the stack. One that points out of it ends the search (rust-minidump's rule).
    if (callerRbp < callerRsp) continue;
    if (stack.word(callerRbp) === undefined) return undefined;
    if (isCanonical(callerRip) && callerRsp > rsp)
      return { trust: "frame_pointer", registers: { rip: callerRip, rsp: callerRsp, rbp: callerRbp } };
  }
  return undefined;
}

/**
 * Callers that words on the stack may stand for, nearest first: every word that could be a return address. Which
 * one is to be believed depends on what lies at that address.
 */
export function* scanForCallers(
  callee: Amd64Registers,
  calleeTrust: FrameTrust,
  stack: StackReader,
): Iterable<Caller> {
  const words = calleeTrust === "context" || calleeTrust === "cfi" ? SCAN_WORDS_FROM_KNOWN : SCAN_WORDS;
  for (let i = 0n; i < BigInt(words); i++) {
    const slot = callee.rsp + i * WORD;
    const rip = stack.word(slot);
    if (rip === undefined) return;
    if (rip === 0n || !isCanonical(rip)) continue;
    const rsp = slot + WORD;
    const rbp = i > 0n ? framePointerNear(callee.rbp, slot, rsp, stack) : undefined;
    yield { trust: "scan", registers: { rip, rsp, ...(rbp === undefined ? {} : { rbp }) } };
  }
}

/** The caller's rbp: saved right below the return address, or not yet touched by the callee. */
function framePointerNear(
  rbp: bigint | undefined,
  slot: bigint,
  callerRsp: bigint,
  stack: StackReader,
): bigint | undefined {
  if (rbp === undefined) return undefined;
  if (rbp === slot - WORD) {
    const saved = stack.word(slot - WORD);
    // A saved frame pointer points up the stack.
    return saved !== undefined && saved > slot ? saved : undefined;
  }
  return rbp >= callerRsp ? rbp : undefined;
}

/** Whether the processor could ever jump there. */
function isCanonical(address: bigint): boolean {
  return address <= 0x7fff_ffff_ffffn || address >= 0xffff_8000_0000_0000n;
}
