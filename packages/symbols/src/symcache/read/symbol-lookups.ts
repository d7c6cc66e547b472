import type { CfiRules } from "../../sym-text/cfi-rules.ts";
import type { SymcacheInfo } from "../format/symcache-format.ts";

/** A place in the source: `line` is 0 where the symbol file says so. */
export interface SourcePlace {
  readonly file: string | undefined;
  readonly line: number | undefined;
}

export interface InlinedFunction extends SourcePlace {
  readonly function: string;
}

/** What a module's symbols know of an address. */
export interface SymbolHit extends SourcePlace {
  readonly function: string;
  /** Module offset at which the function begins. */
  readonly functionStart: number;
  /** Bytes of parameters on the stack (32-bit Windows). */
  readonly parameterSize: number;
  /** Module offset at which the line's code begins: that of the outermost inlined function where there is one. */
  readonly lineStart: number | undefined;
  /** Functions inlined at the address, innermost first. The place of the function itself is where the outermost is called. */
  readonly inlines: readonly InlinedFunction[];
}

/** How a 32-bit Windows function lays its frame out (a STACK WIN record). Sizes are bytes. */
export interface WindowsFrame {
  readonly prologueSize: number;
  readonly epilogueSize: number;
  readonly parameterSize: number;
  readonly savedRegisterSize: number;
  readonly localSize: number;
  readonly maxStackSize: number;
  /** Type 4: the postfix program. */
  readonly program: string | undefined;
  /** Type 0: whether the function uses ebp for itself. */
  readonly allocatesBasePointer: boolean;
}

/**
 * A module's symbols, to be asked by module offset: a symcache, or the text from which one can be built. All look-ups
 * throw SYMCACHE_CORRUPT when what they read turns out to be damaged.
 */
export interface SymbolLookups {
  readonly info: Pick<SymcacheInfo, "codeFile" | "url">;
  /** Bytes of memory it may come to hold, beside what it shares with others. */
  readonly size: number;
  /** What covers the offset: a function, else the public before it unless a function lies between. */
  lookup(offset: number): SymbolHit | undefined;
  /**
   * What Mozilla's symbolication service tells of the offset, which asks symbolic: there each place at which a line, an
   * inlined function or a symbol begins or a function ends counts up to the next one. So a gap between lines is answered
   * as the line before it, a public inside a function takes over from there, and behind that function is nothing.
   */
  symbolicate(offset: number): SymbolHit | undefined;
  /** The same of many offsets, which are ascending. */
  symbolicateAll(offsets: Float64Array): Map<number, SymbolHit | undefined>;
  /** The call-frame rules at the offset; undefined where there are none or they are malformed. */
  cfiRules(offset: number): CfiRules | undefined;
  /** Whether a STACK CFI INIT range begins exactly at the offset. */
  beginsCfiRange(offset: number): boolean;
  /** The STACK WIN record that covers the offset: type 4, else type 0. */
  windowsFrame(offset: number): WindowsFrame | undefined;
}
