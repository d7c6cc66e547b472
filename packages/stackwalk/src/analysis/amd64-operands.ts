import { stringNames } from "./amd64-mnemonics.ts";
import { registerName } from "./amd64-registers.ts";
import { type Instruction, MemorySizeExt, Mnemonic, OpKind, Register } from "./iced.ts";

/** An operand in memory: base + index × scale + displacement. */
export interface MemoryOperand {
  readonly base: string | undefined;
  readonly index: string | undefined;
  readonly scale: number;
  /** Signed; of one that is relative to the instruction, from its end. */
  readonly displacement: bigint;
  /** `fs` and the like where it says something. */
  readonly segment: string | undefined;
}

export type Operand =
  | { readonly kind: "register"; readonly name: string }
  | { readonly kind: "memory"; readonly memory: MemoryOperand; readonly size: number | undefined }
  | { readonly kind: "immediate"; readonly value: bigint; readonly bits: 8 | 16 | 32 | 64 }
  /** Relative to the end of the instruction. */
  | { readonly kind: "branch"; readonly distance: bigint };

/** The operands in the order in which they are written. */
export function operandsOf(instruction: Instruction): Operand[] {
  const operands = Array.from({ length: instruction.opCount }, (_, index) => operandAt(instruction, index));
  return isReversed(instruction) ? operands.reverse() : operands;
}

/** Comparing strings reads only, so that neither operand is the first by nature; rust-minidump begins with rdi. */
function isReversed(instruction: Instruction): boolean {
  const name = instruction.isStringInstruction ? stringNames.get(instruction.mnemonic) : undefined;
  return name === "cmps" || name === "scas";
}

const SIMPLE_SIZES: ReadonlySet<number> = new Set([1, 2, 4, 8, 10, 16, 32, 64]);
const CACHE_LINE_BYTES = 64;

const PREFETCHES: ReadonlySet<Mnemonic> = new Set([
  ...[Mnemonic.Prefetch, Mnemonic.Prefetchnta, Mnemonic.Prefetcht0, Mnemonic.Prefetcht1, Mnemonic.Prefetcht2],
  ...[Mnemonic.Prefetchw, Mnemonic.Prefetchwt1],
]);

/** Bytes that the instruction's accesses have; undefined where it does not tell, or has none. */
export function accessSize(instruction: Instruction): number | undefined {
  if (instruction.mnemonic === Mnemonic.Lea) return 8;
  if (PREFETCHES.has(instruction.mnemonic)) return CACHE_LINE_BYTES;
  const size = MemorySizeExt.size(instruction.memorySize);
  // The states of the floating-point unit have sizes that depend on more than the instruction.
  return size === 0 || !SIMPLE_SIZES.has(size) ? undefined : size;
}

const immediateBits: Readonly<Partial<Record<OpKind, 8 | 16 | 32 | 64>>> = {
  [OpKind.Immediate8]: 8,
  [OpKind.Immediate8_2nd]: 8,
  [OpKind.Immediate16]: 16,
  [OpKind.Immediate32]: 32,
  [OpKind.Immediate64]: 64,
  [OpKind.Immediate8to16]: 16,
  [OpKind.Immediate8to32]: 32,
  [OpKind.Immediate8to64]: 64,
  [OpKind.Immediate32to64]: 64,
};

/** Memory operands of instructions on strings: their one register, and the segment that is written with it. */
const stringBases: Readonly<Partial<Record<OpKind, readonly [base: string, segment: string]>>> = {
  [OpKind.MemorySegESI]: ["esi", "ds"],
  [OpKind.MemorySegRSI]: ["rsi", "ds"],
  [OpKind.MemoryESEDI]: ["edi", "es"],
  [OpKind.MemoryESRDI]: ["rdi", "es"],
};

function operandAt(instruction: Instruction, index: number): Operand {
  const kind = instruction.opKind(index);
  if (kind === OpKind.Register)
    return { kind: "register", name: registerName(instruction.opRegister(index)) };
  const bits = immediateBits[kind];
  if (bits !== undefined) return { kind: "immediate", value: instruction.immediate(index), bits };
  const string = stringBases[kind];
  const size = accessSize(instruction);
  if (string !== undefined) {
    const [base, segment] = string;
    return { kind: "memory", memory: { base, index: undefined, scale: 1, displacement: 0n, segment }, size };
  }
  if (kind === OpKind.Memory) return { kind: "memory", memory: memoryOperand(instruction), size };
  const target = BigInt.asIntN(64, instruction.nearBranchTarget);
  return { kind: "branch", distance: target - BigInt(instruction.length) };
}

function memoryOperand(instruction: Instruction): MemoryOperand {
  const { memoryBase, memoryIndex, segmentPrefix } = instruction;
  const isRelative = instruction.isIpRelMemoryOperand;
  const displacement = BigInt.asIntN(64, instruction.memoryDisplacement);
  return {
    base: memoryBase === Register.None ? undefined : registerName(memoryBase),
    index: memoryIndex === Register.None ? undefined : registerName(memoryIndex),
    scale: instruction.memoryIndexScale,
    // The decoder took the instruction to stand at 0 and has added its length.
    displacement: isRelative ? displacement - BigInt(instruction.length) : displacement,
    segment:
      segmentPrefix === Register.FS || segmentPrefix === Register.GS
        ? registerName(segmentPrefix)
        : undefined,
  };
}
