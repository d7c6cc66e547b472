import { type Architecture, numbered, registerNames } from "./architecture.ts";
import { riscv64 } from "./unwind-riscv.ts";

/** By their numbers r0 to r31, the names that the ABI gives them. */
const abiNames = [
  ...["zero", "ra", "tp", "sp"],
  ...numbered("a", 7),
  ...numbered("t", 8),
  ...["u0", "fp"],
  ...numbered("s", 8),
];

const own = ["pc", ...abiNames.slice(1)];
const byNumber = abiNames.slice(1).map((name, index) => [`r${index + 1}`, name] as const);

/** LoongArch 64: call-frame rules and scanning. */
export const loongarch64: Architecture = {
  ...riscv64,
  cpu: "loongarch64",
  fp: "fp",
  names: registerNames(own, { ...Object.fromEntries(byNumber), s9: "fp" }),
  calleeSaved: [...numbered("s", 8), "fp", "tp", "u0"],
  // Every instruction has four bytes.
  callDistance: 4n,
};
