import type { Cpu, Os } from "@mayday/minidump";
import type { StackReader } from "../address-space/stack-memory-reader.ts";
import type { FrameTrust } from "../walk/frame.ts";
import type { Registers } from "./registers.ts";

export interface Caller {
  readonly trust: FrameTrust;
  readonly registers: Registers;
}

/** What a step up the stack may look at. */
export interface Callee {
  readonly registers: Registers;
  readonly trust: FrameTrust;
  readonly stack: StackReader;
  readonly os: Os;
  /** Takes authentication codes off a pointer; gives it back as it is where processors have none. */
  readonly stripped: (pointer: bigint) => bigint;
}

/** What unwinding has to know of a processor. */
export interface Architecture {
  readonly cpu: Cpu;
  readonly wordBytes: 4 | 8;
  readonly ip: string;
  readonly sp: string;
  readonly fp: string;
  /** Every name that call-frame rules may use for a register, and the one it is kept under. */
  readonly names: ReadonlyMap<string, string>;
  /** Registers that a callee must give back as they were. */
  readonly calleeSaved: readonly string[];
  /** From a return address back to the call, so that lookups find the call's line and not the next one. */
  readonly callDistance: bigint;
  /** Whether scanning may take a word for the address of an instruction. */
  isPlausible(address: bigint): boolean;
  /** How many words a scan looks at, and how many it skips. */
  scanWindow(calleeTrust: FrameTrust): { readonly skip: number; readonly words: number };
  /** The caller's frame pointer when scanning found its return address in a slot. */
  framePointerNear(callee: Callee, slot: bigint, isFirst: boolean): bigint | undefined;
  /** The caller by the chain of frame pointers. */
  callerByFramePointer(callee: Callee): Caller | undefined;
  /** Whether a caller lies further up the stack than its callee, and so is none of its own callees. */
  isFurtherUp(caller: Caller, callee: Pick<Callee, "registers" | "trust">): boolean;
}

/** Names that stand for themselves, and others for one of them. */
export function registerNames(
  own: readonly string[],
  aliases: Readonly<Record<string, string>> = {},
): ReadonlyMap<string, string> {
  return new Map([...own.map((name) => [name, name] as const), ...Object.entries(aliases)]);
}

const SCAN_WORDS = 40;
const SCAN_WORDS_FROM_KNOWN = 160;

/** A return address is looked for further up in a frame that was not itself guessed (rust-minidump's windows). */
export function usualScanWindow(calleeTrust: FrameTrust): { skip: number; words: number } {
  const isKnown = calleeTrust === "context" || calleeTrust === "cfi";
  return { skip: 0, words: isKnown ? SCAN_WORDS_FROM_KNOWN : SCAN_WORDS };
}

/** A frame is hardly ever larger, so a saved frame pointer does not point further up (rust-minidump's rule). */
export const MAX_FRAME_BYTES = 128n * 1024n;

/** `prefix0` up to `prefix<last>`. */
export function numbered(prefix: string, last: number): string[] {
  return Array.from({ length: last + 1 }, (_, number) => `${prefix}${number}`);
}
