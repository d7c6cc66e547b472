import {
  type CpuContext,
  crashingThreadIndex,
  type Minidump,
  type MinidumpModule,
  stackMemory,
  stackPointer,
} from "@mayday/minidump";
import { CfiPrograms } from "./cfi-programs.ts";
import { DataRegions } from "./data-regions.ts";
import type { Frame } from "./frame.ts";
import { ModuleMap } from "./module-map.ts";
import type { SymbolsAnswer } from "./module-symbols.ts";
import { SymbolRequests, type WalkSteps } from "./walk-steps.ts";
import { walkThread } from "./walk-thread.ts";

/** Runaway recursion fills a stack with a million frames; nobody reads so many. */
const MAX_FRAMES = 20_000;

/** Threads of a hostile dump may all have the same endless stack. Those behind this many frames get their first one. */
const MAX_FRAMES_IN_ALL = 250_000;

/** Why a thread has the frames it has. `dump_thread` wrote the dump and is not walked. */
export type ThreadState = "ok" | "missing_context" | "missing_memory" | "dump_thread";

export interface WalkedThread {
  readonly state: ThreadState;
  readonly frames: readonly Frame[];
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
}

/**
 * Walks all threads of a dump, without I/O: drive it with {@link walkWith}, or step by step.
 * @param programs compiled call-frame rules; give the same object to many walks to compile each rule set once
 * @param improved false walks exactly as minidump-stackwalk does, without {@link walkImprovements}
 */
export function* walk(dump: Minidump, programs = new CfiPrograms(), improved = true): WalkSteps<Walk> {
  const data = improved ? new DataRegions(dump) : undefined;
  const requests = new SymbolRequests(new ModuleMap(dump.modules), programs, data);
  const crashingThread = crashingThreadIndex(dump);
  const threads: WalkedThread[] = [];
  let framesLeft = MAX_FRAMES_IN_ALL;
  for (const index of dump.threads.keys()) {
    const maxFrames = Math.max(1, Math.min(MAX_FRAMES, framesLeft));
    const thread = yield* walkOne(dump, index, index === crashingThread, requests, maxFrames);
    framesLeft -= thread.frames.length;
    threads.push(thread);
  }
  return { threads, crashingThread, symbols: requests.answers };
}

function* walkOne(
  dump: Minidump,
  index: number,
  isCrashing: boolean,
  requests: SymbolRequests,
  maxFrames: number,
): WalkSteps<WalkedThread> {
  const thread = dump.threads[index]!;
  if (dump.breakpadInfo?.dumpThreadId === thread.id) {
    return { state: "dump_thread", frames: [], context: undefined };
  }
  // The crashing thread's own context is that of the signal handler; the exception's is that of the crash.
  const context = (isCrashing ? dump.exception?.context : undefined) ?? thread.context;
  if (context === undefined) return { state: "missing_context", frames: [], context };
  const stack = stackMemory(dump, thread, stackPointer(context));
  const frames = yield* walkThread(context, stack, dump, requests, maxFrames);
  return { state: stack === undefined ? "missing_memory" : "ok", frames, context };
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
