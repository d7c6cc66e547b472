import { type Architecture, numbered, registerNames } from "./architecture.ts";

/** Bytes that a scan looks at. */
const SCAN_BYTES = 1024;

/** Words at the bottom of a frame where callees may store their arguments. */
const ARGUMENT_WORDS = 4;

/** MIPS: call-frame rules and scanning only. */
export const mips: Architecture = {
  cpu: "mips",
  wordBytes: 4,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  names: registerNames(["gp", "sp", "fp", "ra", "pc", ...numbered("s", 7)]),
  calleeSaved: [...numbered("s", 7), "gp", "sp", "fp"],
  // The call and its delay slot.
  callDistance: 8n,
  isPlausible: (address) => address >= 0x1000n,
  scanWindow(calleeTrust) {
    const skip = calleeTrust === "context" ? 0 : ARGUMENT_WORDS;
    return { skip, words: SCAN_BYTES / 4 - skip };
  },
  framePointerNear: () => undefined,
  callerByFramePointer: () => undefined,
  isFurtherUp(caller, callee) {
    const [up, from] = [caller.registers["sp"]!, callee.registers["sp"]!];
    return up > from || (up === from && callee.trust === "context");
  },
};

/** The ABI of 64 bits passes arguments in registers: no room is left for them. */
export const mips64: Architecture = {
  ...mips,
  cpu: "mips64",
  wordBytes: 8,
  scanWindow: () => ({ skip: 0, words: SCAN_BYTES / 8 }),
};
