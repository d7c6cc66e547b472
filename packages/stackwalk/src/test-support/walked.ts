import { readMinidump } from "@mayday/minidump";
import type { SynthMinidump } from "@mayday/minidump/synth";
import type { ModuleSymbols, SymbolsAnswer, WindowsFrame } from "../address-space/module-symbols.ts";
import { type Walk, walk } from "../walk/walk.ts";
import { allImprovements, noImprovements } from "../walk/walk-improvements.ts";
import { compileCfi } from "./compile-cfi.ts";

/** A function of made-up symbols, with the call-frame rules of its whole length. */
export interface TestFunction {
  readonly at: number;
  /** Bytes; 0x100 unless given. */
  readonly size?: number;
  readonly name?: string;
  readonly cfi?: string;
  /** Its STACK WIN record. */
  readonly windowsFrame?: Partial<WindowsFrame>;
  readonly parameterSize?: number;
}

const emptyFrame: WindowsFrame = {
  prologueSize: 0,
  epilogueSize: 0,
  parameterSize: 0,
  savedRegisterSize: 0,
  localSize: 0,
  maxStackSize: 0,
  program: undefined,
  allocatesBasePointer: false,
};

/** Symbols that know these functions and nothing else. */
export function symbolsOf(...functions: readonly TestFunction[]): ModuleSymbols {
  const covering = (offset: number) =>
    functions.find(({ at, size = 0x100 }) => offset >= at && offset < at + size);
  return {
    lookup(offset) {
      const found = covering(offset);
      if (found?.name === undefined) return undefined;
      const { name, at, parameterSize = 0 } = found;
      return {
        function: name,
        functionStart: at,
        parameterSize,
        file: undefined,
        line: undefined,
        inlines: [],
      };
    },
    cfiRules(offset) {
      const rules = covering(offset)?.cfi;
      return rules === undefined ? undefined : compileCfi(rules);
    },
    beginsCfiRange: (offset) => functions.some(({ at, cfi }) => cfi !== undefined && at === offset),
    windowsFrame(offset) {
      const frame = covering(offset)?.windowsFrame;
      return frame && { ...emptyFrame, ...frame };
    },
  };
}

/** Symbols by the file name of their module; modules that are not named have none. */
export type TestSymbols = Readonly<Record<string, ModuleSymbols>>;

/** Walks a dump, and tells in which order symbols were asked for. */
export function walkedAsking(
  synth: SynthMinidump | Uint8Array,
  symbols: TestSymbols = {},
  improved = true,
): { walk: Walk; asked: string[] } {
  const read = readMinidump(synth instanceof Uint8Array ? synth : synth.finish());
  if (!read.ok) throw new Error(`${read.error.name}: ${read.error.message}`);
  const asked: string[] = [];
  const steps = walk(read.dump, { improvements: improved ? allImprovements : noImprovements });
  let step = steps.next();
  while (!step.done) {
    const { fileName } = step.value;
    asked.push(fileName);
    step = steps.next(answer(symbols[fileName]));
  }
  return { walk: step.value, asked };
}

function answer(symbols: ModuleSymbols | undefined): SymbolsAnswer {
  return symbols === undefined ? { kind: "missing", why: "test" } : { kind: "found", symbols };
}

export function walked(synth: SynthMinidump | Uint8Array, symbols?: TestSymbols, improved?: boolean): Walk {
  return walkedAsking(synth, symbols, improved).walk;
}

/**
 * The frames of a thread, one word or two each: `cfi app!main`, with the module's name alone (`scan lib!`) where the
 * function is unknown, and the address of the call (`cfi 0x1234`) where the module is.
 */
export function framesOf(walk: Walk, thread = 0): string[] {
  return walk.threads[thread]!.frames.map(({ trust, instruction, module, symbol }) =>
    module === undefined
      ? `${trust} 0x${instruction.toString(16)}`
      : `${trust} ${module.fileName}!${symbol?.function ?? ""}`,
  );
}
