import type { MemoryLookup, MemoryRange } from "@mayday/minidump";
import { certainAccesses, conditionalJumps, privileged } from "./amd64-mnemonics.ts";
import { accessSize, type MemoryOperand, operandsOf } from "./amd64-operands.ts";
import { instructionText } from "./amd64-text.ts";
import { Decoder, DecoderOptions, type Instruction, Mnemonic } from "./iced.ts";
import { readWord } from "./read-word.ts";

/** An address that an instruction touches, or jumps to. */
interface Touched {
  readonly address: bigint;
  /** Whether it was made from a register that held 0. */
  readonly throughNull: boolean;
}

interface InstructionAccess extends Touched {
  readonly size: number | undefined;
  readonly type: "read" | "write" | "readwrite" | undefined;
}

/** Where an instruction goes on: right behind it, elsewhere, or who knows. */
export type Jump = { readonly kind: "none" | "unknown" } | ({ readonly kind: "to" } & Touched);

export interface AnalyzedInstruction {
  readonly text: string;
  /** undefined where a register that makes an address is not known. */
  readonly accesses: readonly InstructionAccess[] | undefined;
  readonly jump: Jump;
  /** The registers that make addresses. */
  readonly addressRegisters: ReadonlySet<string>;
  readonly isDivision: boolean;
  readonly isPrivileged: boolean;
  /** Whether `accesses` are all there are, with their types. */
  readonly isAccessSure: boolean;
  readonly faultsOnlyWhenNonCanonical: boolean;
}

/** What an instruction works on. */
export interface InstructionInputs {
  readonly registers: Readonly<Record<string, bigint>>;
  readonly memory: MemoryLookup;
  readonly stack: MemoryRange | undefined;
  /** Whether addresses relative to the instruction count from its end, as they do; from its start in rust-minidump. */
  readonly ripAhead: boolean;
}

/** Bytes that the longest instruction has. */
export const MAX_INSTRUCTION_BYTES = 15;

/** An address and a segment. */
const FAR_POINTER_BYTES = 10;

const JUMPS: ReadonlySet<Mnemonic> = new Set([Mnemonic.Call, Mnemonic.Jmp]);
const RETURNS: ReadonlySet<Mnemonic> = new Set([
  Mnemonic.Ret,
  Mnemonic.Retf,
  Mnemonic.Iret,
  Mnemonic.Iretd,
  Mnemonic.Iretq,
]);

/** Reads the instruction at the start of `bytes`, of which there are no more than an instruction may have; undefined when there is none. */
export function analyzeInstruction(
  bytes: Uint8Array,
  inputs: InstructionInputs,
): AnalyzedInstruction | undefined {
  const decoder = new Decoder(64, bytes, DecoderOptions.None);
  const instruction = decoder.decode();
  try {
    if (instruction.isInvalid) return undefined;
    const sure = certainOf(instruction);
    return {
      text: instructionText(instruction),
      accesses: accessesOf(instruction, inputs),
      jump: jumpOf(instruction, inputs),
      addressRegisters: addressRegisters(instruction),
      isDivision: instruction.mnemonic === Mnemonic.Div || instruction.mnemonic === Mnemonic.Idiv,
      isPrivileged: privileged.has(instruction.mnemonic),
      isAccessSure: sure !== undefined,
      faultsOnlyWhenNonCanonical: sure !== undefined && instruction.mnemonic !== Mnemonic.Movaps,
    };
  } finally {
    instruction.free();
    decoder.free();
  }
}

/** Far calls are other instructions under the same mnemonic. */
function certainOf(instruction: Instruction) {
  return instruction.isCallFarIndirect ? undefined : certainAccesses.get(instruction.mnemonic);
}

function memoryOperands(instruction: Instruction): (MemoryOperand | undefined)[] {
  return operandsOf(instruction).map((operand) => (operand.kind === "memory" ? operand.memory : undefined));
}

function addressRegisters(instruction: Instruction): ReadonlySet<string> {
  return new Set(
    memoryOperands(instruction).flatMap((memory) =>
      [memory?.base, memory?.index].filter((name) => name !== undefined),
    ),
  );
}

function accessesOf(instruction: Instruction, inputs: InstructionInputs): InstructionAccess[] | undefined {
  const certain = certainOf(instruction);
  const size =
    certain?.stack === undefined
      ? accessSize(instruction)
      : (accessSize(instruction) ?? stackSize(instruction));
  const accesses: InstructionAccess[] = [];
  for (const [place, memory] of memoryOperands(instruction).entries()) {
    if (memory === undefined) continue;
    const touched = touchedBy(memory, instruction, inputs);
    if (touched === undefined) return undefined;
    if (instruction.mnemonic === Mnemonic.Lea) continue;
    accesses.push({ ...touched, size, type: certain?.operands[place] });
  }
  const rsp = inputs.registers["rsp"];
  if (certain?.stack !== undefined && rsp !== undefined) {
    const address = certain.stack === "push" ? BigInt.asUintN(64, rsp - 8n) : rsp;
    accesses.push({
      address,
      throughNull: address === 0n,
      size,
      type: certain.stack === "push" ? "write" : "read",
    });
  }
  return accesses;
}

/** Bytes pushed or popped where no operand in memory tells. */
function stackSize({ mnemonic }: Instruction): number {
  return mnemonic === Mnemonic.Retf ? FAR_POINTER_BYTES : 8;
}

/** The address of an operand; undefined when a register of it is not known. */
function touchedBy(
  { base, index, scale, displacement }: MemoryOperand,
  { length }: Instruction,
  { registers, ripAhead }: InstructionInputs,
): Touched | undefined {
  const baseValue = base === undefined ? 0n : registers[base];
  const indexValue = index === undefined ? 0n : registers[index];
  if (baseValue === undefined || indexValue === undefined) return undefined;
  const ahead = base === "rip" && ripAhead ? BigInt(length) : 0n;
  const address = BigInt.asUintN(64, baseValue + ahead + indexValue * BigInt(scale) + displacement);
  return { address, throughNull: base !== undefined && baseValue === 0n };
}

function jumpOf(instruction: Instruction, inputs: InstructionInputs): Jump {
  const { mnemonic } = instruction;
  if (JUMPS.has(mnemonic)) return jumpTo(instruction, inputs);
  if (RETURNS.has(mnemonic)) {
    const rsp = inputs.registers["rsp"];
    return rsp === undefined ? { kind: "unknown" } : to(readWord(inputs.stack, rsp));
  }
  return { kind: conditionalJumps.has(mnemonic) ? "unknown" : "none" };
}

/** A jump by register or through memory; where a number in the instruction says it, it does not fail. */
function jumpTo(instruction: Instruction, inputs: InstructionInputs): Jump {
  const [target] = operandsOf(instruction);
  if (target?.kind === "register") return to(inputs.registers[target.name]);
  if (target?.kind !== "memory") return { kind: "unknown" };
  const touched = touchedBy(target.memory, instruction, inputs);
  if (touched === undefined) return { kind: "unknown" };
  return to(readWord(inputs.memory.at(touched.address), touched.address));
}

function to(address: bigint | undefined): Jump {
  return address === undefined ? { kind: "unknown" } : { kind: "to", address, throughNull: address === 0n };
}
