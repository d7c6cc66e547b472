/**
 * What the walker needs of a module's symbols. It is asked for by module and never opens a file itself: whoever
 * drives the walk fetches them from memory, disk or network. Offsets are bytes from the module's base.
 */
export interface ModuleSymbols {
  /** The function (or the public before it) at an offset. */
  lookup(offset: number): FunctionHit | undefined;
  /**
   * The call-frame rules at an offset as Breakpad writes them, `.cfa: expression .ra: expression …`; the same rules
   * should be the same string.
   */
  cfiRules(offset: number): string | undefined;
}

export interface FunctionHit {
  readonly function: string;
  readonly functionStart: number;
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** Innermost first. */
  readonly inlines: readonly InlineHit[];
}

export interface InlineHit {
  readonly function: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
}

/** The answer to the walker's question for a module's symbols. */
export type SymbolsAnswer =
  | { readonly kind: "found"; readonly symbols: ModuleSymbols; readonly url?: string }
  | { readonly kind: "missing" | "malformed"; readonly why: string };
