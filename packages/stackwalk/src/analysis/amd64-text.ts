import { stringNames } from "./amd64-mnemonics.ts";
import { type MemoryOperand, type Operand, operandsOf } from "./amd64-operands.ts";
import { registerName } from "./amd64-registers.ts";
import { EncodingKind, type Instruction, Mnemonic, Register } from "./iced.ts";

/** Names that differ from the decoder's; the others are those of Intel's manual. */
const NAMES: Readonly<Partial<Record<Mnemonic, string>>> = {
  [Mnemonic.Je]: "jz",
  [Mnemonic.Jne]: "jnz",
  [Mnemonic.Jae]: "jnb",
  [Mnemonic.Jbe]: "jna",
  [Mnemonic.Sete]: "setz",
  [Mnemonic.Setne]: "setnz",
  [Mnemonic.Cmove]: "cmovz",
  [Mnemonic.Cmovne]: "cmovnz",
  [Mnemonic.Cmovae]: "cmovnb",
  [Mnemonic.Cmovbe]: "cmovna",
  [Mnemonic.Int3]: "int",
  [Mnemonic.Pushfq]: "pushf",
  [Mnemonic.Popfq]: "popf",
};

const SIZES: Readonly<Record<number, string>> = {
  1: "byte",
  2: "word",
  4: "dword",
  8: "qword",
  10: "mword",
  16: "xmmword",
  32: "ymmword",
  64: "zmmword",
};

/** Instructions whose numbers have no sign. */
const UNSIGNED: ReadonlySet<Mnemonic> = new Set([
  ...[Mnemonic.Int, Mnemonic.In, Mnemonic.Out, Mnemonic.Ret, Mnemonic.Retf, Mnemonic.Enter],
]);

/** An instruction in Intel's syntax, written as rust-minidump writes it: `mov rax, qword [rbx + rcx * 4 + 0x10]`. */
export function instructionText(instruction: Instruction): string {
  const operands = operandsOf(instruction);
  const texts = operands.map((operand) => operandText(instruction, operands, operand));
  if (texts.length > 0) texts[0] += maskText(instruction);
  withStackTop(instruction, operands, texts);
  if (instruction.mnemonic === Mnemonic.Int3) texts.push("0x3");
  const words = `${prefixes(instruction)}${nameOf(instruction)}`;
  return texts.length === 0 ? words : `${words} ${texts.join(", ")}`;
}

function nameOf(instruction: Instruction): string {
  const { mnemonic } = instruction;
  if (instruction.isJmpFarIndirect) return "jmpf";
  if (instruction.isCallFarIndirect) return "callf";
  // Movsd and Cmpsd are also the names of instructions on floating-point numbers.
  if (instruction.isStringInstruction) return stringNames.get(mnemonic) ?? Mnemonic[mnemonic]!.toLowerCase();
  return NAMES[mnemonic] ?? Mnemonic[mnemonic]!.toLowerCase();
}

function prefixes(instruction: Instruction): string {
  const lock = instruction.hasLockPrefix ? "lock " : "";
  if (!instruction.isStringInstruction) return lock;
  const comparing = ["cmps", "scas"].includes(stringNames.get(instruction.mnemonic) ?? "");
  if (instruction.hasRepnePrefix) return `${lock}repnz `;
  if (instruction.hasRepePrefix) return `${lock}${comparing ? "repz" : "rep"} `;
  return lock;
}

function operandText(instruction: Instruction, operands: readonly Operand[], operand: Operand): string {
  switch (operand.kind) {
    case "register":
      return operand.name;
    case "branch":
      return `$${operand.distance < 0n ? "-" : "+"}${hex(operand.distance)}`;
    case "immediate": {
      const { value, bits } = operand;
      const isByteLoad =
        instruction.mnemonic === Mnemonic.Mov && bits === 8 && operands[0]?.kind === "register";
      const isUnsigned = UNSIGNED.has(instruction.mnemonic) || instruction.encoding === EncodingKind.EVEX;
      const signed = isUnsigned || isByteLoad ? value : BigInt.asIntN(bits, value);
      return `${signed < 0n ? "-" : ""}${hex(signed)}`;
    }
    case "memory":
      return `${sizeWord(instruction, operands, operand.size)} ${segment(instruction, operand.memory)}[${addressText(operand.memory)}]`;
  }
}

/** The address that LEA computes is said to be of the size of its register. */
function sizeWord(instruction: Instruction, operands: readonly Operand[], size: number | undefined): string {
  if (instruction.mnemonic !== Mnemonic.Lea) return SIZES[size ?? 0] ?? "ptr";
  const target = operands[0]?.kind === "register" ? operands[0].name : "";
  return target.startsWith("e") || /^r\d+d$/.test(target)
    ? "dword"
    : /^(r\d+w|[a-d]x|[sd]i|[sb]p)$/.test(target)
      ? "word"
      : "qword";
}

function segment(instruction: Instruction, memory: MemoryOperand): string {
  if (memory.segment === undefined) return "";
  const name = instruction.isStringInstruction ? stringNames.get(instruction.mnemonic) : undefined;
  if (name === "lods" || name === "ins" || name === "outs") return "";
  return `${memory.segment}:`;
}

function addressText({ base, index, scale, displacement }: MemoryOperand): string {
  const scaled = index === undefined ? [] : [`${index} * ${scale}`];
  const parts = [...(base === undefined ? [] : [base]), ...scaled];
  if (parts.length === 0) return hex(BigInt.asUintN(displacement < 0n ? 32 : 64, displacement));
  if (displacement === 0n) return parts.join(" + ");
  return `${parts.join(" + ")} ${displacement < 0n ? "-" : "+"} ${hex(displacement)}`;
}

function hex(value: bigint): string {
  return `0x${(value < 0n ? -value : value).toString(16)}`;
}

/** Which elements of the result are written (AVX-512). */
function maskText(instruction: Instruction): string {
  if (instruction.opMask === Register.None) return "";
  return `{${registerName(instruction.opMask)}}${instruction.zeroingMasking ? "{z}" : ""}`;
}

const STORES = /^f(st|stp|ist|istp|isttp|bstp)$/;
const LOADS = /^f(ld|ild|bld|add|mul|com|comp|sub|subr|div|divr|iadd|imul|icom|icomp|isub|isubr|idiv|idivr)$/;

/** Instructions on floating-point numbers of old work on the top of their stack, which is written, too. */
function withStackTop(instruction: Instruction, operands: readonly Operand[], texts: string[]): void {
  if (texts.length !== 1) return;
  const isFloating = operands[0]?.kind === "memory" || texts[0]?.startsWith("st(");
  const name = nameOf(instruction);
  if (!isFloating) return;
  if (STORES.test(name)) texts.push("st(0)");
  else if (LOADS.test(name)) texts.unshift("st(0)");
}
