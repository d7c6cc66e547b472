import type { ModuleIdentity } from "../supply/symbol-file-path.ts";
import { retryDamaged, type SymbolSupply, type SymbolsEntry } from "../supply/symbol-supply.ts";
import type { SourcePlace, SymbolHit } from "../symcache/read/symbol-lookups.ts";
import { cleanPath } from "./clean-path.ts";
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

/** The symbols of the modules that a request's frames are in, each looked for once, by {@link moduleName}. */
export type ModuleSymbols = ReadonlyMap<string, SymbolsEntry>;

/** `<debug file>/<debug id>`, as the request spells them. */
export function moduleName([debugFile, debugId]: readonly [string, string]): string {
  return `${debugFile}/${debugId}`;
}

/** Finds the symbols of one module. */
export type FindSymbols = (module: ModuleIdentity) => Promise<SymbolsEntry>;

/**
 * Answers a symbolication request of version 5, as Mozilla's symbolication service does. Modules are asked for once,
 * whatever jobs and frames they come in.
 */
export function symbolicate(
  jobs: readonly SymbolicateJob[],
  supply: SymbolSupply,
): Promise<{ results: SymbolicatedJob[] }> {
  return retryDamaged(async () => {
    const symbols = await findModules(jobs, (module) => supply.get(module));
    return { results: symbolicateJobs(jobs, symbols) };
  });
}

/** How many modules of a request are looked for at once. */
const LOOKED_FOR_AT_ONCE = 4;

/** The symbols of all modules that frames of the jobs are in. */
export async function findModules(
  jobs: readonly SymbolicateJob[],
  find: FindSymbols,
): Promise<ModuleSymbols> {
  const wanted = [...usedModules(jobs)];
  const found = new Map<string, SymbolsEntry>();
  const work = async () => {
    for (let module = wanted.shift(); module !== undefined; module = wanted.shift()) {
      const [name, [debugFile, debugId]] = module;
      // Who asks by id means that id, also one of zeros, by which dumps say that they know none.
      found.set(name, await find({ debugFile, debugId, zerosCount: true }));
    }
  };
  await Promise.all(Array.from({ length: LOOKED_FOR_AT_ONCE }, work));
  return found;
}

/** The modules that frames are in and that have names, in the order in which frames name them. */
export function usedModules(jobs: readonly SymbolicateJob[]): Map<string, readonly [string, string]> {
  const used = new Map<string, readonly [string, string]>();
  for (const { memoryMap, stacks } of jobs) {
    for (const index of new Set(stacks.flatMap((stack) => stack.map(([module]) => module)))) {
      const module = memoryMap[index];
      if (module !== undefined && module[0] !== "" && module[1] !== "") used.set(moduleName(module), module);
    }
  }
  return used;
}

/** Answers jobs from symbols that were found. */
export function symbolicateJobs(jobs: readonly SymbolicateJob[], symbols: ModuleSymbols): SymbolicatedJob[] {
  const places = new Places();
  const hits = lookedUp(jobs, symbols);
  return jobs.map(({ memoryMap, stacks }) => {
    const modules = memoryMap.map((module) => openModule(module, symbols, hits));
    return {
      stacks: stacks.map((stack) =>
        stack.map((frame, place) => symbolicateFrame(place, frame, modules[frame[0]] ?? NO_MODULE, places)),
      ),
      found_modules: Object.fromEntries(
        memoryMap.map((module) => [moduleName(module), isFound(module, symbols)]),
      ),
    };
  });
}

/** The answer of version 4: a text for each frame, and whether symbols of each module were found. */
export interface SymbolicatedStacks {
  readonly symbolicatedStacks: readonly (readonly string[])[];
  readonly knownModules: readonly (boolean | null)[];
}

/** Answers a job in the form of version 4, from symbols that were found. */
export function symbolicateStacks(job: SymbolicateJob, symbols: ModuleSymbols): SymbolicatedStacks {
  const [answer] = symbolicateJobs([job], symbols);
  const isNamed = ({ memoryMap }: SymbolicateJob, index: number) => memoryMap[index]?.[0] !== "";
  return {
    symbolicatedStacks: (answer?.stacks ?? []).map((stack, number) =>
      stack.map(({ function: name, module, module_offset }, place) => {
        const index = job.stacks[number]?.[place]?.[0] ?? -1;
        return `${name ?? module_offset} (in ${isNamed(job, index) ? module : NO_MODULE.name})`;
      }),
    ),
    knownModules: job.memoryMap.map((module) => isFound(module, symbols)),
  };
}

function isFound(module: readonly [string, string], symbols: ModuleSymbols): boolean | null {
  const entry = symbols.get(moduleName(module));
  return entry === undefined ? null : entry.kind === "found";
}

/** What is at the offsets of a module. */
type Hits = ReadonlyMap<number, SymbolHit | undefined>;

/**
 * All offsets of the jobs looked up, by {@link moduleName}: each once, and in their order, so that a symcache that does
 * not fit into memory is read once from its begin to its end.
 */
function lookedUp(jobs: readonly SymbolicateJob[], symbols: ModuleSymbols): ReadonlyMap<string, Hits> {
  const offsets = new Map<string, Set<number>>();
  for (const { memoryMap, stacks } of jobs) {
    const ofModules = memoryMap.map((module) => {
      const name = moduleName(module);
      const known = offsets.get(name) ?? new Set<number>();
      offsets.set(name, known);
      return known;
    });
    for (const stack of stacks) {
      for (const [index, offset] of stack) {
        if (typeof offset === "number" && offset >= 0) ofModules[index]?.add(offset);
      }
    }
  }
  const found = new Map<string, Hits>();
  for (const [name, wanted] of offsets) {
    const entry = symbols.get(name);
    if (entry?.kind !== "found") continue;
    found.set(name, entry.symbols.symbolicateAll(Float64Array.from(wanted).sort()));
  }
  return found;
}

interface OpenModule {
  readonly name: string;
  readonly hits: Hits | undefined;
}

const NO_MODULE: OpenModule = { name: "<unknown>", hits: undefined };

function openModule(
  module: readonly [string, string],
  all: ModuleSymbols,
  hits: ReadonlyMap<string, Hits>,
): OpenModule {
  const name = moduleName(module);
  const entry = all.get(name);
  const codeFile = entry?.kind === "found" ? entry.symbols.info.codeFile : undefined;
  return { name: codeFile || module[0], hits: hits.get(name) };
}

function symbolicateFrame(
  place: number,
  [, offset]: RequestedFrame,
  { name, hits }: OpenModule,
  places: Places,
): SymbolicatedFrame {
  const frame = { frame: place, module: name, module_offset: hex(offset) };
  if (typeof offset !== "number") return frame;
  const hit = hits?.get(offset);
  if (hit === undefined) return frame;
  const inlines = hit.inlines.map((inline) => ({
    function: inline.function.trimEnd(),
    ...places.of(inline),
  }));
  return {
    ...frame,
    function: hit.function.trimEnd() || "<unknown>",
    function_offset: hex(offset - hit.functionStart),
    ...places.of(hit),
    ...(inlines.length > 0 ? { inlines } : {}),
  };
}

/** Places as they are told; a request has few files. */
class Places {
  readonly #paths = new Map<string, string | undefined>();

  /** A line says nothing without its file, nor does line 0. */
  of({ file, line }: SourcePlace): { file?: string; line?: number } {
    const path = file === undefined ? undefined : this.#path(file);
    if (path === undefined) return {};
    return line ? { file: path, line } : { file: path };
  }

  #path(file: string): string | undefined {
    if (!this.#paths.has(file)) this.#paths.set(file, cleanPath(file));
    return this.#paths.get(file);
  }
}

function hex(offset: number | bigint): string {
  return offset < 0 ? `-0x${(-offset).toString(16)}` : `0x${offset.toString(16)}`;
}
