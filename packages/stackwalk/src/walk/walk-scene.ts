import type { Os } from "@mayday/minidump";
import type { MemoryMap } from "../address-space/memory-map.ts";
import type { WindowsPrograms } from "../unwind/windows-programs.ts";
import type { WalkImprovement } from "./walk-improvements.ts";
import type { SymbolRequests } from "./walk-steps.ts";

/** What all threads of a walk share. */
export interface WalkScene {
  readonly os: Os;
  readonly requests: SymbolRequests;
  readonly memory: MemoryMap;
  readonly improvements: ReadonlySet<WalkImprovement>;
  readonly windowsPrograms: WindowsPrograms;
  /** Takes authentication codes off a pointer (ARM64). */
  readonly stripped: (pointer: bigint) => bigint;
  /** Scanned addresses and whether code is there: threads that wait have the same leftovers on their stacks. */
  readonly scanned: Map<bigint, boolean>;
  /** How many words may still be looked at for return addresses that are known. */
  readonly searchedWords: { left: number };
  /** Told of every stack word that the walk depends on. */
  readonly onStackUse: ((address: bigint) => void) | undefined;
}
