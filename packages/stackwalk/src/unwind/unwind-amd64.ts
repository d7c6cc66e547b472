import {
  type Architecture,
  type Callee,
  type Caller,
  MAX_FRAME_BYTES,
  numbered,
  registerNames,
  usualScanWindow,
} from "./architecture.ts";

const WORD = 8n;

/** How far up from rbp a Windows frame's saved rbp may lie. */
const WINDOWS_FRAME_BYTES = 240n;

const LAST_LOW = 0x7fff_ffff_ffffn;
const FIRST_HIGH = 0xffff_8000_0000_0000n;

export const amd64: Architecture = {
  cpu: "amd64",
  wordBytes: 8,
  ip: "rip",
  sp: "rsp",
  fp: "rbp",
  names: registerNames([
    ...["rax", "rdx", "rcx", "rbx", "rsi", "rdi", "rbp", "rsp"],
    ...numbered("r", 15).slice(8),
    "rip",
  ]),
  // System V and Windows agree on these.
  calleeSaved: ["rbx", "rbp", "r12", "r13", "r14", "r15"],
  callDistance: 1n,
  isPlausible: isCanonical,
  scanWindow: usualScanWindow,
  framePointerNear,
  callerByFramePointer,
  isFurtherUp: (caller, callee) => caller.registers["rsp"]! > callee.registers["rsp"]!,
};

/** Whether the processor could ever jump there. */
function isCanonical(address: bigint): boolean {
  return address <= LAST_LOW || address >= FIRST_HIGH;
}

/**
 * For code that keeps rbp. On Windows rbp points into the frame, up to 240 bytes before the place where the caller's
 * is saved: its prologs may set rbp before all of the frame is there (UWOP_SET_FPREG).
 */
function callerByFramePointer({ registers, stack, os }: Callee): Caller | undefined {
  const { rbp, rsp } = registers as { rbp?: bigint; rsp: bigint };
  if (rbp === undefined) return undefined;
  const lastSlot = os === "Windows NT" ? rbp + WINDOWS_FRAME_BYTES : rbp;
  for (let slot = rbp; slot <= lastSlot; slot += 2n * WORD) {
    const callerRbp = stack.word(slot);
    const callerRip = stack.word(slot + WORD);
    if (callerRip === undefined || callerRbp === undefined) return undefined;
    const callerRsp = slot + 2n * WORD;
    // A saved frame pointer points up the stack. One that points out of it ends the search (rust-minidump's rule).
    if (callerRbp < callerRsp) continue;
    if (!stack.has(callerRbp)) return undefined;
    if (isCanonical(callerRip) && callerRsp > rsp)
      return { trust: "frame_pointer", registers: { rip: callerRip, rsp: callerRsp, rbp: callerRbp } };
  }
  return undefined;
}

/** The caller's rbp: saved right below the return address, or not yet touched by the callee. */
function framePointerNear({ registers, stack }: Callee, slot: bigint, isFirst: boolean): bigint | undefined {
  const rbp = registers["rbp"];
  if (rbp === undefined || isFirst) return undefined;
  if (rbp === slot - WORD) {
    const saved = stack.word(rbp);
    // A saved frame pointer points up the stack.
    if (saved === undefined || saved <= slot || saved - rbp > MAX_FRAME_BYTES) return undefined;
    return stack.has(saved) ? saved : undefined;
  }
  return rbp >= slot + WORD ? rbp : undefined;
}
