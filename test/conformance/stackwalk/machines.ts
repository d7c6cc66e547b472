/** A processor and system that dumps are drawn for. */
export interface Machine {
  readonly name: string;
  /** Numbers of the format. */
  readonly arch: number;
  readonly platform: number;
  /** As symbol files name them. */
  readonly symbolOs: string;
  readonly symbolCpu: string;
  readonly wordBytes: 4 | 8;
  readonly ip: string;
  readonly sp: string;
  readonly fp: string | undefined;
  /** Other registers that threads have. */
  readonly registers: readonly string[];
  /** Registers as call-frame rules name them. */
  readonly ruleRegisters: readonly string[];
  readonly ruleSp: string;
}

const numbered = (prefix: string, from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => `${prefix}${from + index}`);

const amd64 = {
  arch: 9,
  symbolCpu: "x86_64",
  wordBytes: 8,
  ip: "rip",
  sp: "rsp",
  fp: "rbp",
  registers: ["rax", "rbx", "rcx", "rdx", "rsi", "rdi", ...numbered("r", 8, 15)],
  ruleRegisters: ["$rbx", "$rbp", "$r12", "$r13", "rdi", "$rax"],
  ruleSp: "$rsp",
} as const;

const x86 = {
  arch: 0,
  symbolCpu: "x86",
  wordBytes: 4,
  ip: "eip",
  sp: "esp",
  fp: "ebp",
  registers: ["eax", "ebx", "ecx", "edx", "esi", "edi"],
  ruleRegisters: ["$ebx", "$ebp", "$esi", "edi", "$eax"],
  ruleSp: "$esp",
} as const;

const arm = {
  arch: 5,
  symbolCpu: "arm",
  wordBytes: 4,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  registers: [...numbered("r", 0, 10), "lr"],
  ruleRegisters: ["r4", "r7", "fp", "r11", "lr", "r14"],
  ruleSp: "sp",
} as const;

const arm64 = {
  arch: 12,
  symbolCpu: "arm64",
  wordBytes: 8,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  registers: [...numbered("x", 0, 28), "lr"],
  ruleRegisters: ["x19", "x20", "fp", "lr"],
  ruleSp: "sp",
} as const;

const mips = {
  arch: 1,
  symbolCpu: "mips",
  wordBytes: 4,
  ip: "pc",
  sp: "sp",
  fp: "fp",
  registers: [...numbered("s", 0, 7), "gp", "ra"],
  ruleRegisters: ["s0", "s1", "fp", "ra"],
  ruleSp: "sp",
} as const;

export const machines: readonly Machine[] = [
  { name: "amd64 Linux", platform: 0x8201, symbolOs: "Linux", ...amd64 },
  { name: "amd64 Windows", platform: 2, symbolOs: "windows", ...amd64 },
  { name: "amd64 macOS", platform: 0x8101, symbolOs: "mac", ...amd64 },
  { name: "x86 Windows", platform: 2, symbolOs: "windows", ...x86 },
  { name: "x86 Windows on 64 bits", platform: 2, symbolOs: "windows", ...x86, arch: 10 },
  { name: "x86 Linux", platform: 0x8201, symbolOs: "Linux", ...x86 },
  { name: "arm Android", platform: 0x8203, symbolOs: "Linux", ...arm },
  { name: "arm iOS", platform: 0x8102, symbolOs: "mac", ...arm },
  { name: "arm64 macOS", platform: 0x8101, symbolOs: "mac", ...arm64 },
  { name: "arm64 Windows", platform: 2, symbolOs: "windows", ...arm64 },
  { name: "arm64 Linux, old contexts", platform: 0x8201, symbolOs: "Linux", ...arm64, arch: 32771 },
  { name: "mips Linux", platform: 0x8201, symbolOs: "Linux", ...mips },
];
