import type { MinidumpModule } from "@mayday/minidump";
import type { FunctionHit } from "../address-space/module-symbols.ts";
import type { Registers } from "../unwind/registers.ts";

/** How a frame was found, worst to best (rust-minidump's words). */
export const FRAME_TRUST = ["scan", "frame_pointer", "cfi", "context"] as const;
export type FrameTrust = (typeof FRAME_TRUST)[number];

/** One call on a stack. */
export interface Frame {
  readonly trust: FrameTrust;
  /**
   * Address of an instruction of the call: the crashing one in the first frame, else some bytes before the return
   * address, since a call may be the last instruction of its line or function.
   */
  readonly instruction: bigint;
  readonly module: MinidumpModule | undefined;
  /** Where the module's symbols say that is. */
  readonly symbol: FunctionHit | undefined;
  /** What is known of the registers in this call. */
  readonly registers: Registers;
}
