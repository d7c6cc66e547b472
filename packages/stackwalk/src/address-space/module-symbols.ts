/**
 * What the walker needs of a module's symbols. It is asked for by module and never opens a file itself: whoever
 * drives the walk fetches them from memory, disk or network. Offsets are bytes from the module's base.
 *
 * A file that turns out to be damaged while it is asked may throw; the walk lets that pass to its driver.
 */
export interface ModuleSymbols {
  /** The function (or the public before it) at an offset. */
  lookup(offset: number): FunctionHit | undefined;
  /**
   * Compiled call-frame rules at an offset; undefined where there are none or they are malformed. The same rules are
   * the same object.
   */
  cfiRules(offset: number): CfiRules | undefined;
  /** Whether a STACK CFI INIT range begins exactly at the offset. */
  beginsCfiRange(offset: number): boolean;
  /** The STACK WIN record that covers the offset: type 4, else type 0. */
  windowsFrame(offset: number): WindowsFrame | undefined;
}

export interface FunctionHit {
  readonly function: string;
  readonly functionStart: number;
  /** Bytes of parameters on the stack: STACK WIN type 4's, else type 0's, else the function's own. */
  readonly parameterSize: number;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Offset at which the code of the line (or of the function that is inlined there) begins, where that is known. */
  readonly lineStart?: number | undefined;
  /** Innermost first. */
  readonly inlines: readonly InlineHit[];
}

export interface InlineHit {
  readonly function: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** Call-frame rules: how a caller's registers follow from its callee's (Breakpad's STACK CFI). */
export interface CfiRules {
  readonly cfa: CfiExpression;
  /** Undefined where the rules say there is none (`.undef` or left out): a thread's outermost function. */
  readonly returnAddress: CfiExpression | undefined;
  /** Rules of other registers, names without `$`, in the order of the text. */
  readonly registers: readonly (readonly [name: string, rule: CfiExpression])[];
}

/** The common shapes are kinds of their own. `base` is a register's name without `$`, or `.cfa`. */
export type CfiExpression =
  /** base + offset */
  | { readonly kind: "sum"; readonly base: string; readonly offset: bigint }
  /** The word at base + offset. */
  | { readonly kind: "load"; readonly base: string; readonly offset: bigint }
  /** Anything else: postfix steps over 64-bit words. */
  | { readonly kind: "steps"; readonly steps: readonly CfiStep[] };

export type CfiStep =
  | { readonly op: "literal"; readonly value: bigint }
  | { readonly op: "register"; readonly name: string }
  | { readonly op: "cfa" | "undefined" | "load" | "+" | "-" | "*" | "/" | "%" | "@" };

/** How a function of 32-bit Windows lays out its frame (Breakpad's STACK WIN). Sizes in bytes. */
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

/** The answer to the walker's question for a module's symbols. */
export type SymbolsAnswer = (
  | { readonly kind: "found"; readonly symbols: ModuleSymbols; readonly url?: string }
  | { readonly kind: "missing" | "malformed"; readonly why: string }
) & {
  /** What the module is, where the dump knows its code alone and a symbol server knew the rest. */
  readonly debugInfo?: { readonly debugFile: string; readonly debugId: string };
};
