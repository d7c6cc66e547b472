import {
  type CpuContext,
  crashingThreadIndex,
  type MemoryRange,
  type Minidump,
  type MinidumpModule,
  stackMemory,
  stackPointer,
} from "@mayday/minidump";
import { MemoryMap } from "../address-space/memory-map.ts";
import { ModuleMap } from "../address-space/module-map.ts";
import type { SymbolsAnswer } from "../address-space/module-symbols.ts";
import { analyzeCrash, type CrashAnalysis } from "../analysis/crash-analysis.ts";
import { architectureOf } from "../unwind/architectures.ts";
import { pointerStripper } from "../unwind/unwind-arm64.ts";
import { WindowsPrograms } from "../unwind/windows-programs.ts";
import type { Frame } from "./frame.ts";
import { MOST_SEARCHED_WORDS } from "./shadow-stack.ts";
import { allImprovements, type WalkImprovement } from "./walk-improvements.ts";
import type { WalkScene } from "./walk-scene.ts";
import { SymbolRequests, type WalkSteps } from "./walk-steps.ts";
import { walkThread } from "./walk-thread.ts";

/** Frames walked of one thread: as many as its stack has words, but some thousands also of a small one. */
const LEAST_MAX_FRAMES = 20_000;
const MAX_FRAMES = 250_000;

/** Threads of a hostile dump may all have the same endless stack. Those behind this many frames get their first one. */
const MAX_FRAMES_IN_ALL = 250_000;

/** ARMv8.2 gives user memory at most 52 bits. */
const HIGHEST_USER_END = 1n << 52n;

/** Why a thread has the frames it has. `dump_thread` wrote the dump and is not walked. */
export type ThreadState = "ok" | "missing_context" | "missing_memory" | "unsupported_cpu" | "dump_thread";

export interface WalkedThread {
  readonly state: ThreadState;
  /** Innermost first. Of a very deep stack the middle is left out. */
  readonly frames: readonly Frame[];
  /** What is left out: so many frames, behind so many kept ones. */
  readonly gap: { readonly after: number; readonly omitted: number } | undefined;
  /** The registers the walk began with. */
  readonly context: CpuContext | undefined;
}

/** All threads of a dump, walked. */
export interface Walk {
  /** In the order of the dump. */
  readonly threads: readonly WalkedThread[];
  /** Index of the thread that crashed or asked for the dump. */
  readonly crashingThread: number | undefined;
  /** What was learned of the modules whose symbols were needed. */
  readonly symbols: ReadonlyMap<MinidumpModule, SymbolsAnswer>;
  /** The modules that addresses are looked up in, in the order of their addresses. */
  readonly modules: readonly MinidumpModule[];
  /** What the exception tells beside its reason and address; undefined where the dump holds none. */
  readonly crash: CrashAnalysis | undefined;
}

export interface WalkOptions {
  /** Where to know better than minidump-stackwalk; everywhere unless given. */
  readonly improvements?: ReadonlySet<WalkImprovement>;
  /** Told of every word of stack memory that the walk depends on. */
  readonly onStackUse?: (address: bigint) => void;
}

/** Walks all threads of a dump, without I/O: drive it with {@link walkWith}, or step by step. */
export function* walk(dump: Minidump, options: WalkOptions = {}): WalkSteps<Walk> {
  const improvements = options.improvements ?? allImprovements;
  const modules = new ModuleMap(dump.modules, {
    inner: improvements.has("inner_modules"),
    mappings: improvements.has("joined_mappings") ? (dump.linux.maps?.regions ?? []) : [],
  });
  const scene: WalkScene = {
    os: dump.systemInfo.os,
    requests: new SymbolRequests(modules),
    memory: new MemoryMap(dump, (address) => modules.at(address) !== undefined),
    improvements,
    windowsPrograms: new WindowsPrograms(),
    stripped:
      dump.systemInfo.cpu === "arm64"
        ? pointerStripper(highestEnd(dump, modules, improvements))
        : (pointer) => pointer,
    scanned: new Map(),
    searchedWords: { left: MOST_SEARCHED_WORDS },
    onStackUse: options.onStackUse,
  };
  const crashingThread = crashingThreadIndex(dump);
  const threads: WalkedThread[] = [];
  let framesLeft = MAX_FRAMES_IN_ALL;
  for (const index of dump.threads.keys()) {
    const thread = yield* walkOne(dump, index, index === crashingThread, scene, framesLeft);
    framesLeft -= thread.frames.length + (thread.gap?.omitted ?? 0);
    threads.push(thread);
  }
  const crash = analyzeCrash(dump, scene.improvements);
  return { threads, crashingThread, symbols: scene.requests.answers, modules: modules.modules, crash };
}

/** Address behind all that pointers of the process lead to. */
function highestEnd(dump: Minidump, modules: ModuleMap, improvements: ReadonlySet<WalkImprovement>): bigint {
  const stacks = improvements.has("high_addresses") ? dump.threads : [];
  const ends = stacks.map(({ stackStart, stack }) =>
    stack === undefined ? stackStart : stack.base + BigInt(stack.bytes.length),
  );
  // Above 56 bits there is a tag, and no user's memory.
  return [modules.end, ...ends.filter((end) => end < HIGHEST_USER_END)].reduce((a, b) => (a > b ? a : b));
}

function* walkOne(
  dump: Minidump,
  index: number,
  isCrashing: boolean,
  scene: WalkScene,
  framesLeft: number,
): WalkSteps<WalkedThread> {
  const thread = dump.threads[index]!;
  const unwalked = { frames: [], gap: undefined, context: undefined };
  if (dump.breakpadInfo?.dumpThreadId === thread.id) return { state: "dump_thread", ...unwalked };
  // The crashing thread's own context is that of the signal handler; the exception's is that of the crash.
  const context = (isCrashing ? dump.exception?.context : undefined) ?? thread.context;
  if (context === undefined) return { state: "missing_context", ...unwalked };
  const stack = stackMemory(dump, thread, stackPointer(context));
  const maxFrames = Math.max(1, Math.min(framesLeft, mostFrames(stack)));
  const { shadowStackPointer: shadowAt } = context;
  const shadow = shadowAt === undefined ? undefined : dump.memory.at(shadowAt);
  const kept = yield* walkThread(context, { stack, shadow }, scene, maxFrames);
  const gap = kept.omitted === 0 ? undefined : { after: kept.gapAt, omitted: kept.omitted };
  return { state: stateOf(context, stack !== undefined), frames: kept.frames, gap, context };
}

/** Every real frame has a return address on the stack; rules can make frames out of nothing for ever. */
function mostFrames(stack: MemoryRange | undefined): number {
  const words = (stack?.bytes.length ?? 0) / 4;
  return Math.min(MAX_FRAMES, Math.max(LEAST_MAX_FRAMES, words));
}

function stateOf({ cpu }: CpuContext, hasStack: boolean): ThreadState {
  if (architectureOf(cpu) === undefined) return "unsupported_cpu";
  return hasStack ? "ok" : "missing_memory";
}

/** Drives a walk: fetches the symbols it asks for with `symbolsOf`. */
export async function walkWith(
  steps: WalkSteps<Walk>,
  symbolsOf: (module: MinidumpModule) => Promise<SymbolsAnswer>,
): Promise<Walk> {
  let step = steps.next();
  while (!step.done) step = steps.next(await symbolsOf(step.value));
  return step.value;
}
