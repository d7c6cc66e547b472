/** A run of bytes of the line that is being read. It is overwritten after the call: copy what is kept. */
export interface TextSpan {
  readonly bytes: Uint8Array;
  readonly at: number;
  readonly end: number;
}

/** The fields of a MODULE line. */
export interface ModuleLine {
  readonly os: string;
  readonly cpu: string;
  readonly debugId: string;
  readonly debugFile: string;
}

/** How 32-bit Windows code lays its frame out: a STACK WIN record, but for its address and what follows it. Sizes are bytes. */
export interface FrameSizes {
  readonly prologue: number;
  readonly epilogue: number;
  readonly parameters: number;
  readonly savedRegisters: number;
  readonly locals: number;
  readonly maxStack: number;
}

/**
 * Receives the records of a symbol file in file order. Addresses are module offsets; sizes are bytes.
 * Line and inline records belong to the last function. Calls for the frequent records take plain numbers: there are
 * millions of them.
 */
export interface SymSink {
  module(line: ModuleLine): void;
  codeId(codeId: string, codeFile: string): void;
  /** Where the text was once fetched from (`INFO URL`, which minidump-stackwalk appends). */
  url(url: string): void;
  file(id: number, name: TextSpan): void;
  inlineOrigin(id: number, name: TextSpan): void;
  func(address: number, size: number, parameterSize: number, name: TextSpan): void;
  line(address: number, size: number, line: number, file: number): void;
  /**
   * A stretch of the function into which another one was inlined.
   * @param depth 0 for a callee of the function itself, one more for each level of inlining
   * @param origin INLINE_ORIGIN id: the function that was inlined
   */
  inline(
    depth: number,
    callLine: number,
    callFile: number,
    origin: number,
    address: number,
    size: number,
  ): void;
  publicSymbol(address: number, parameterSize: number, name: TextSpan): void;
  cfiInit(address: number, size: number, rules: TextSpan): void;
  cfiDelta(address: number, rules: TextSpan): void;
  /** STACK WIN 4. */
  frameData(address: number, size: number, sizes: FrameSizes, program: TextSpan): void;
  /** STACK WIN 0. */
  fpo(address: number, size: number, sizes: FrameSizes, allocatesBasePointer: boolean): void;
}

/** What a reader made of a symbol file's lines. */
export interface SymReadReport {
  readonly lines: number;
  /** Lines that could not be read and were left out. */
  readonly badLines: number;
  /** The first few of them, with their numbers, for people. */
  readonly samples: readonly string[];
}

const nothing = () => undefined;

/** For who wants some of the records only. */
export const ignoringSink: SymSink = {
  module: nothing,
  codeId: nothing,
  url: nothing,
  file: nothing,
  inlineOrigin: nothing,
  func: nothing,
  line: nothing,
  inline: nothing,
  publicSymbol: nothing,
  cfiInit: nothing,
  cfiDelta: nothing,
  frameData: nothing,
  fpo: nothing,
};
