import type { FrameJson, InlineJson, StackJson, ThreadJson } from "@mayday/crash";
import { type CpuContext, lastError, type Minidump } from "@mayday/minidump";
import { unloadedAt } from "../address-space/unloaded-at.ts";
import type { Frame } from "../walk/frame.ts";
import type { WalkedThread } from "../walk/walk.ts";
import { type Hex, hexOfWidth } from "./json-values.ts";

export function threadJson(dump: Minidump, walked: WalkedThread, index: number, hex: Hex): ThreadJson {
  const thread = dump.threads[index]!;
  const { frames, gap } = walked;
  const omitted = gap?.omitted ?? 0;
  const numberOf = (place: number) => (gap === undefined || place < gap.after ? place : place + omitted);
  return {
    thread_id: thread.id,
    // The thread that wrote the dump is left out with its name (minidump-stackwalk's rule).
    thread_name: walked.state === "dump_thread" ? null : (thread.name ?? null),
    last_error_value: walked.state === "dump_thread" ? null : (lastError(dump, thread) ?? null),
    frame_count: frames.length + omitted,
    frames: frames.map((frame, place) => frameJson(dump, frame, numberOf(place), hex)),
    ...(gap === undefined ? {} : { omitted_frames: { after: gap.after, count: gap.omitted } }),
  };
}

export function crashingThreadJson(
  thread: ThreadJson,
  { context }: WalkedThread,
  index: number,
): NonNullable<StackJson["crashing_thread"]> {
  const [first, ...others] = thread.frames ?? [];
  const registers = context === undefined ? {} : { registers: registersJson(context) };
  const frames = [{ ...first, ...registers }, ...others];
  return { ...thread, frames, threads_index: index };
}

function registersJson({ registers, width }: CpuContext): Record<string, string> {
  const hex = hexOfWidth(width);
  return Object.fromEntries(Object.entries(registers).map(([name, value]) => [name, hex(value)]));
}

function frameJson(dump: Minidump, frame: Frame, number: number, hex: Hex): FrameJson {
  const { trust, instruction, module, symbol } = frame;
  const offset = Number(instruction - (module?.base ?? 0n));
  return {
    frame: number,
    trust,
    offset: hex(instruction),
    module: module === undefined ? null : module.fileName,
    module_offset: module === undefined ? null : hex(offset),
    function: symbol?.function ?? null,
    function_offset: symbol === undefined ? null : hex(offset - symbol.functionStart),
    file: symbol?.file ?? null,
    line: symbol?.line ?? null,
    missing_symbols: symbol === undefined,
    inlines: symbol === undefined || symbol.inlines.length === 0 ? null : symbol.inlines.map(inlineJson),
    unloaded_modules: module === undefined ? unloadedJson(dump, instruction, hex) : null,
  };
}

function inlineJson(inline: {
  function: string;
  file: string | undefined;
  line: number | undefined;
}): InlineJson {
  return { function: inline.function, file: inline.file ?? null, line: inline.line ?? null };
}

function unloadedJson(dump: Minidump, address: bigint, hex: Hex) {
  const found = unloadedAt(dump.unloadedModules, address);
  if (found.length === 0) return null;
  return found.map(({ name, offsets }) => ({ module: name, offsets: offsets.map(hex) }));
}
