import { Mnemonic as M } from "./iced.ts";

type AccessType = "read" | "write" | "readwrite";

/** What an instruction does with memory operands, by their place, and with the top of the stack. */
export interface CertainAccess {
  readonly operands: readonly AccessType[];
  readonly stack?: "push" | "pop";
}

const JCC: readonly M[] = [
  ...[M.Jo, M.Jno, M.Jb, M.Jae, M.Je, M.Jne, M.Ja, M.Jbe],
  ...[M.Js, M.Jns, M.Jp, M.Jnp, M.Jl, M.Jge, M.Jg, M.Jle],
];

/** Jumps that may be taken or not. */
export const conditionalJumps: ReadonlySet<M> = new Set(JCC);

/**
 * Instructions whose accesses are all known: those that crash often, and some that were seen in crashes that cannot be
 * (the list is rust-minidump's, so that inconsistencies are found in the same crashes).
 */
export const certainAccesses: ReadonlyMap<M, CertainAccess> = new Map<M, CertainAccess>([
  [M.Add, { operands: ["readwrite", "read"] }],
  [M.Sub, { operands: ["readwrite", "read"] }],
  [M.Call, { operands: ["read"], stack: "push" }],
  [M.Jmp, { operands: ["read"] }],
  [M.Push, { operands: ["read"], stack: "push" }],
  [M.Cmp, { operands: ["read", "read"] }],
  [M.Ucomiss, { operands: ["read", "read"] }],
  [M.Dec, { operands: ["readwrite"] }],
  [M.Inc, { operands: ["readwrite"] }],
  [M.Pop, { operands: ["write"], stack: "pop" }],
  [M.Mov, { operands: ["write", "read"] }],
  [M.Movaps, { operands: ["write", "read"] }],
  [M.Movups, { operands: ["write", "read"] }],
  [M.Lea, { operands: [] }],
  [M.Ret, { operands: [], stack: "pop" }],
  [M.Retf, { operands: [], stack: "pop" }],
  ...JCC.map((mnemonic) => [mnemonic, { operands: [] }] as const),
]);

/** Instructions that may be refused to programs, in some form of theirs. */
export const privileged: ReadonlySet<M> = new Set([
  ...[M.Cli, M.Clts, M.Hlt, M.In, M.Insb, M.Insw, M.Insd, M.Int, M.Int3, M.Into, M.Invd, M.Invept],
  ...[M.Invlpg, M.Invvpid, M.Iret, M.Iretd, M.Iretq, M.Lgdt, M.Lidt, M.Lldt, M.Lmsw, M.Ltr, M.Monitor],
  ...[M.Mov, M.Mwait, M.Out, M.Outsb, M.Outsw, M.Outsd, M.Rdmsr, M.Rdpmc, M.Rdtsc, M.Rdtscp, M.Retf],
  ...[M.Sti, M.Swapgs, M.Sysexit, M.Sysexitq, M.Sysret, M.Sysretq, M.Vmcall, M.Vmclear, M.Vmlaunch],
  ...[M.Vmptrld, M.Vmptrst, M.Vmread, M.Vmresume, M.Vmwrite, M.Vmxoff, M.Vmxon, M.Wbinvd, M.Wrmsr],
  M.Xsetbv,
]);

/** Instructions on strings come in four widths, and are named without it here. */
export const stringNames: ReadonlyMap<M, string> = new Map([
  ...[M.Movsb, M.Movsw, M.Movsd, M.Movsq].map((mnemonic) => [mnemonic, "movs"] as const),
  ...[M.Stosb, M.Stosw, M.Stosd, M.Stosq].map((mnemonic) => [mnemonic, "stos"] as const),
  ...[M.Lodsb, M.Lodsw, M.Lodsd, M.Lodsq].map((mnemonic) => [mnemonic, "lods"] as const),
  ...[M.Scasb, M.Scasw, M.Scasd, M.Scasq].map((mnemonic) => [mnemonic, "scas"] as const),
  ...[M.Cmpsb, M.Cmpsw, M.Cmpsd, M.Cmpsq].map((mnemonic) => [mnemonic, "cmps"] as const),
  ...[M.Insb, M.Insw, M.Insd].map((mnemonic) => [mnemonic, "ins"] as const),
  ...[M.Outsb, M.Outsw, M.Outsd].map((mnemonic) => [mnemonic, "outs"] as const),
]);
