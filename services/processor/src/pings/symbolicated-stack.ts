import type { PingFrame, PingStack, StackJson } from "@mayday/crash";
import {
  type FindSymbols,
  findModules,
  type ModuleSymbols,
  moduleName,
  type SymbolicatedFrame,
  type SymbolicateJob,
  symbolicateJobs,
} from "@mayday/symbols";

/** Frames of stacks with their functions, of all pings of a batch at once: each module is looked for once. */
export async function symbolicatedStacks(
  stacks: readonly (PingStack | undefined)[],
  find: FindSymbols,
  os: (index: number) => string,
): Promise<(StackJson | undefined)[]> {
  const jobs = stacks.map((stack) => (stack === undefined ? EMPTY : jobOf(stack)));
  const symbols = await findModules(jobs, find);
  const answers = symbolicateJobs(jobs, symbols);
  return stacks.map((stack, index) =>
    stack === undefined ? undefined : stackJson(stack, answers[index]?.stacks ?? [], symbols, os(index)),
  );
}

const EMPTY: SymbolicateJob = { memoryMap: [], stacks: [] };

/** A frame that is in no module stays in its place, so that frames keep their numbers. */
function jobOf({ threads, modules }: PingStack): SymbolicateJob {
  return {
    memoryMap: modules.map(({ debugFile, debugId }) => [debugFile, debugId] as const),
    stacks: threads.map(({ frames }) =>
      frames.map((frame) =>
        frame.module === undefined
          ? ([-1, -1] as const)
          : ([frame.module, Number(frame.ip - modules[frame.module]!.base)] as const),
      ),
    ),
  };
}

/** In the schema of a walked minidump, which rules and pages read. */
function stackJson(
  { reason, address, threads, crashingThread, modules }: PingStack,
  answers: readonly (readonly SymbolicatedFrame[])[],
  symbols: ModuleSymbols,
  os: string,
): StackJson {
  return {
    status: "OK",
    crash_info: { type: reason, address: address === "" ? null : address, crashing_thread: crashingThread },
    system_info: { os },
    thread_count: threads.length,
    threads: threads.map(({ frames, omitted }, thread) => ({
      frame_count: frames.length,
      frames: frames.map((frame, place) => frameJson(place, frame, modules, answers[thread]?.[place])),
      ...(omitted > 0 ? { omitted_frames: { after: frames.length / 2, count: omitted } } : {}),
    })),
    modules: modules.map((module) => ({
      filename: module.filename,
      debug_file: module.debugFile,
      debug_id: module.debugId,
      code_id: module.codeId,
      version: module.version,
      base_addr: hex(module.base),
      end_addr: hex(module.end),
      missing_symbols: symbols.get(moduleName([module.debugFile, module.debugId]))?.kind !== "found",
    })),
  };
}

function frameJson(
  place: number,
  { ip, module, trust, unloaded }: PingFrame,
  modules: PingStack["modules"],
  answer: SymbolicatedFrame | undefined,
) {
  const inUnloaded =
    unloaded === undefined
      ? {}
      : { unloaded_modules: [{ module: unloaded.name, offsets: [hex(unloaded.offset)] }] };
  if (module === undefined) return { frame: place, trust, offset: hex(ip), ...inUnloaded };
  const { filename, base } = modules[module]!;
  const { function: name, function_offset, file, line, inlines } = answer ?? {};
  return {
    frame: place,
    trust,
    offset: hex(ip),
    module: filename,
    module_offset: hex(ip - base),
    ...(name === undefined ? {} : { function: name }),
    ...(function_offset === undefined ? {} : { function_offset }),
    ...(file === undefined ? {} : { file }),
    ...(line === undefined ? {} : { line }),
    ...(inlines === undefined ? {} : { inlines }),
  };
}

const hex = (value: bigint): string => `0x${value.toString(16)}`;
