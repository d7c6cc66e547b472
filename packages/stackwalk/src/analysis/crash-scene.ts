import type { Minidump, MinidumpException } from "@mayday/minidump";
import type { WalkImprovement } from "../walk/walk-improvements.ts";
import type { AnalyzedInstruction } from "./amd64-instruction.ts";
import type { MemoryOperation, MemoryRegions } from "./memory-regions.ts";

/** What all analyses look at. */
export interface CrashScene {
  readonly dump: Minidump;
  readonly exception: MinidumpException;
  readonly address: bigint;
  readonly regions: MemoryRegions;
  readonly operation: MemoryOperation;
  readonly improvements: ReadonlySet<WalkImprovement>;
  readonly instruction: AnalyzedInstruction | undefined;
}
