/** A run of bytes of the line that is being read. It is overwritten after the call: copy what is kept. */
export interface TextSpan {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** A stretch of a function into which another one was inlined. */
export interface InlineRange {
  /** 0 for a callee of the function itself, one more for each level of inlining. */
  readonly depth: number;
  readonly callLine: number;
  readonly callFile: number;
  /** INLINE_ORIGIN id: the function that was inlined. */
  readonly origin: number;
  readonly address: number;
  readonly size: number;
}

/**
 * Receives the records of a symbol file in file order. Addresses are module offsets; sizes are bytes.
 * Line and inline records belong to the last function.
 */
export interface SymSink {
  module(header: { os: string; cpu: string; debugId: string; debugFile: string }): void;
  codeId(codeId: string, codeFile: string): void;
  file(id: number, name: TextSpan): void;
  inlineOrigin(id: number, name: TextSpan): void;
  func(address: number, size: number, parameterSize: number, name: TextSpan): void;
  line(address: number, size: number, line: number, file: number): void;
  inline(range: InlineRange): void;
  publicSymbol(address: number, parameterSize: number, name: TextSpan): void;
  cfiInit(address: number, size: number, rules: TextSpan): void;
  cfiDelta(address: number, rules: TextSpan): void;
}

/** What a reader made of a symbol file's lines. */
export interface SymReadReport {
  readonly lines: number;
  /** Lines that could not be read and were left out. */
  readonly badLines: number;
  /** The first few of them, with their numbers, for people. */
  readonly samples: readonly string[];
}
