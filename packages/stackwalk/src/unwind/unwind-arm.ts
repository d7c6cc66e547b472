import {
  type Architecture,
  type Callee,
  type Caller,
  numbered,
  registerNames,
  usualScanWindow,
} from "./architecture.ts";

const WORD = 4n;
const LAST_ADDRESS = 0xffff_ffffn;

export const arm: Architecture = {
  cpu: "arm",
  wordBytes: 4,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  names: registerNames([...numbered("r", 10), "r12", "fp", "sp", "lr", "pc"], {
    r11: "fp",
    r13: "sp",
    r14: "lr",
    r15: "pc",
  }),
  calleeSaved: ["r4", "r5", "r6", "r7", "r8", "r9", "r10", "fp"],
  // A Thumb instruction; the call may be a longer one, which is found all the same.
  callDistance: 2n,
  isPlausible: () => true,
  scanWindow: usualScanWindow,
  framePointerNear: () => undefined,
  callerByFramePointer,
  isFurtherUp(caller, callee) {
    const [up, from] = [caller.registers["sp"]!, callee.registers["sp"]!];
    // A leaf function has its return address in lr and may have no frame at all.
    return up > from || (up === from && callee.trust === "context");
  },
};

/** Only iOS has a frame pointer that can be relied upon: elsewhere Thumb code keeps r7, ARM code r11, or neither. */
function callerByFramePointer({ registers, stack, os }: Callee): Caller | undefined {
  const { fp } = registers as { fp?: bigint };
  if (os !== "iOS" || fp === undefined || fp >= LAST_ADDRESS - 2n * WORD) return undefined;
  // A frame pointer of 0 ends the chain: the caller at address 0 ends the walk.
  if (fp === 0n) return { trust: "frame_pointer", registers: { pc: 0n, sp: registers["sp"]!, fp: 0n } };
  const callerFp = stack.word(fp);
  const callerPc = stack.word(fp + WORD);
  if (callerFp === undefined || callerPc === undefined) return undefined;
  return { trust: "frame_pointer", registers: { pc: callerPc, sp: fp + 2n * WORD, fp: callerFp } };
}
