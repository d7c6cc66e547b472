import { type Architecture, numbered, registerNames, usualScanWindow } from "./architecture.ts";

/** By their numbers x0 to x31, the names that the ABI gives them. */
const abiNames = [
  ...["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"],
  ...numbered("a", 7),
  ...numbered("s", 11).slice(2),
  ...["t3", "t4", "t5", "t6"],
];

const own = ["pc", ...abiNames.slice(1)];
const byNumber = abiNames.slice(1).map((name, index) => [`x${index + 1}`, name] as const);

/** RISC-V: call-frame rules and scanning. */
export const riscv64: Architecture = {
  cpu: "riscv64",
  wordBytes: 8,
  ip: "pc",
  sp: "sp",
  fp: "s0",
  names: registerNames(own, { ...Object.fromEntries(byNumber), fp: "s0" }),
  calleeSaved: [...numbered("s", 11), "gp", "tp"],
  // The shortest call has two bytes; of one that has four this is its middle, where the same line is.
  callDistance: 2n,
  isPlausible: (address) => address >= 0x1000n,
  scanWindow: usualScanWindow,
  framePointerNear: () => undefined,
  callerByFramePointer: () => undefined,
  isFurtherUp(caller, callee) {
    const [up, from] = [caller.registers["sp"]!, callee.registers["sp"]!];
    if (up !== from) return up > from;
    // A function without a frame, known to be one: it crashed, or its rules say so.
    return caller.registers["pc"] !== callee.registers["pc"] && callee.trust === "context";
  },
};

export const riscv: Architecture = { ...riscv64, cpu: "riscv", wordBytes: 4 };
