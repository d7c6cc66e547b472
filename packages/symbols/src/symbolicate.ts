import type { SourcePlace, SymbolLookups } from "./symbol-lookups.ts";
import { retryDamaged, type SymbolSupply, type SymbolsEntry } from "./symbol-supply.ts";
import type { RequestedFrame, SymbolicateJob } from "./symbolicate-request.ts";

/** A frame of the answer; what is not known is left out. Offsets are in hex. */
export interface SymbolicatedFrame {
  readonly frame: number;
  /** The code file where the symbols name one, else the debug file; `<unknown>` outside of all modules. */
  readonly module: string;
  readonly module_offset: string;
  readonly function?: string;
  readonly function_offset?: string;
  readonly file?: string;
  readonly line?: number;
  /** Innermost first. */
  readonly inlines?: readonly { readonly function: string; readonly file?: string; readonly line?: number }[];
}

/** The answer to one job. `found_modules`: whether symbols were found; null for modules that no frame is in. */
export interface SymbolicatedJob {
  readonly stacks: readonly (readonly SymbolicatedFrame[])[];
  readonly found_modules: Readonly<Record<string, boolean | null>>;
}

/**
 * Answers a symbolication request of version 5, as Mozilla's symbolication service does. Modules are asked for once,
 * whatever jobs and frames they come in.
 */
export function symbolicate(
  jobs: readonly SymbolicateJob[],
  supply: SymbolSupply,
): Promise<{ results: SymbolicatedJob[] }> {
  return retryDamaged(async () => {
    const results: SymbolicatedJob[] = [];
    for (const job of jobs) results.push(await symbolicateJob(job, supply));
    return { results };
  });
}

async function symbolicateJob(
  { memoryMap, stacks }: SymbolicateJob,
  supply: SymbolSupply,
): Promise<SymbolicatedJob> {
  const entries = new Map<number, SymbolsEntry>();
  for (const index of new Set(stacks.flatMap((stack) => stack.map(([module]) => module)))) {
    const [debugFile, debugId] = memoryMap[index] ?? ["", ""];
    if (debugFile !== "" && debugId !== "") entries.set(index, await supply.get({ debugFile, debugId }));
  }
  const symbolsOf = (index: number) => {
    const entry = entries.get(index);
    return entry?.kind === "found" ? entry.symbols : undefined;
  };
  return {
    stacks: stacks.map((stack) =>
      stack.map((frame, place) => symbolicateFrame(place, frame, memoryMap, symbolsOf(frame[0]))),
    ),
    found_modules: Object.fromEntries(
      memoryMap.map(([debugFile, debugId], index) => {
        const entry = entries.get(index);
        return [`${debugFile}/${debugId}`, entry === undefined ? null : entry.kind === "found"];
      }),
    ),
  };
}

function symbolicateFrame(
  place: number,
  [module, offset]: RequestedFrame,
  memoryMap: SymbolicateJob["memoryMap"],
  symbols: SymbolLookups | undefined,
): SymbolicatedFrame {
  const [debugFile = "<unknown>"] = memoryMap[module] ?? [];
  const frame = {
    frame: place,
    module: symbols?.info.codeFile || debugFile,
    module_offset: hex(offset),
  };
  const hit = offset < 0 ? undefined : symbols?.lookup(offset);
  if (hit === undefined) return frame;
  const inlines = hit.inlines.map((inline) => ({ function: inline.function, ...sourceOf(inline) }));
  return {
    ...frame,
    function: hit.function,
    function_offset: hex(offset - hit.functionStart),
    ...sourceOf(hit),
    ...(inlines.length > 0 ? { inlines } : {}),
  };
}

/** A line says nothing without its file, nor does line 0. */
function sourceOf({ file, line }: SourcePlace): { file?: string; line?: number } {
  if (!file) return {};
  return line ? { file, line } : { file };
}

function hex(offset: number): string {
  return offset < 0 ? `-0x${(-offset).toString(16)}` : `0x${offset.toString(16)}`;
}
