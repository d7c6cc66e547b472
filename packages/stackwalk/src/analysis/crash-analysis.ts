import {
  crashAddress,
  instructionPointer,
  type Minidump,
  type MinidumpException,
  violatingAccess,
} from "@mayday/minidump";
import type { WalkImprovement } from "../walk/walk-improvements.ts";
import { type AdjustedAddress, adjustedAddress } from "./adjusted-address.ts";
import {
  type AnalyzedInstruction,
  analyzeInstruction,
  type Jump,
  MAX_INSTRUCTION_BYTES,
} from "./amd64-instruction.ts";
import { type PossibleBitFlip, possibleBitFlips } from "./bit-flips.ts";
import { type CrashInconsistency, crashInconsistencies } from "./crash-inconsistencies.ts";
import type { CrashScene } from "./crash-scene.ts";
import { isGuardPage } from "./guard-page.ts";
import { type MemoryOperation, MemoryRegions } from "./memory-regions.ts";

export interface AccessAtCrash {
  readonly address: bigint;
  /** Bytes; undefined where the instruction does not tell. */
  readonly size: number | undefined;
  readonly type: "read" | "write" | "readwrite" | undefined;
  readonly isLikelyGuardPage: boolean;
}

/** What can be made out of the exception beside its reason and address. */
export interface CrashAnalysis {
  /** The crashing instruction, as text; undefined where its bytes or its processor are not known. */
  readonly instruction: string | undefined;
  /** undefined where they cannot be made out. */
  readonly memoryAccesses: readonly AccessAtCrash[] | undefined;
  /** Where the instruction would have gone on; undefined where it is not known itself. */
  readonly jump: Jump | undefined;
  readonly adjustedAddress: AdjustedAddress | undefined;
  readonly possibleBitFlips: readonly PossibleBitFlip[];
  readonly inconsistencies: readonly CrashInconsistency[];
}

/** Analyses the crash of a dump; undefined when the dump holds no exception. */
export function analyzeCrash(
  dump: Minidump,
  improvements: ReadonlySet<WalkImprovement>,
): CrashAnalysis | undefined {
  const { exception } = dump;
  if (exception === undefined) return undefined;
  const scene: CrashScene = {
    dump,
    exception,
    address: crashAddress(dump) ?? 0n,
    regions: new MemoryRegions(dump),
    operation: operationOf(exception, dump),
    improvements,
    instruction: analyzeAtCrash(dump, exception, improvements),
  };
  const { instruction, regions } = scene;
  const adjusted = adjustedAddress(scene);
  return {
    instruction: instruction?.text,
    memoryAccesses: instruction?.accesses?.map(({ address, size, type }) => ({
      address,
      size,
      type,
      isLikelyGuardPage: isGuardPage(regions, address),
    })),
    jump: instruction?.jump,
    adjustedAddress: adjusted,
    possibleBitFlips: possibleBitFlips(scene, adjusted),
    inconsistencies: crashInconsistencies(scene),
  };
}

function operationOf(exception: MinidumpException, { systemInfo }: Minidump): MemoryOperation {
  const access = systemInfo.os === "Windows NT" ? violatingAccess(exception) : undefined;
  if (access === undefined) return "any";
  return access === "READ" ? "read" : access === "WRITE" ? "write" : "execute";
}

/** Reads the crashing instruction where the dump has its bytes. */
function analyzeAtCrash(
  dump: Minidump,
  exception: MinidumpException,
  improvements: ReadonlySet<WalkImprovement>,
): AnalyzedInstruction | undefined {
  const { context } = exception;
  if (context?.cpu !== "amd64") return undefined;
  const rip = instructionPointer(context);
  const memory = dump.memory.at(rip);
  if (memory === undefined) return undefined;
  const at = Number(rip - memory.base);
  const bytes = memory.bytes.bytes(at, at + MAX_INSTRUCTION_BYTES);
  const thread = dump.threads.findLast(({ id }) => id === exception.threadId);
  return analyzeInstruction(bytes, {
    registers: context.registers,
    memory: dump.memory,
    stack: thread && (thread.stack ?? dump.memory.at(thread.stackStart)),
    ripAhead: improvements.has("instruction_relative_access"),
  });
}
