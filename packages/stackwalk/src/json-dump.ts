import {
  type CpuContext,
  crashAddress,
  crashReason,
  type HandleDescriptor,
  type Minidump,
  type MinidumpModule,
} from "@mayday/minidump";
import type { Frame } from "./frame.ts";
import type { SymbolsAnswer } from "./module-symbols.ts";
import type { Walk, WalkedThread } from "./walk.ts";

/** How a missing debug id is written. */
const NO_DEBUG_ID = "0".repeat(33);

/** What else a report needs to know of the crash than the dump holds. */
export interface JsonDumpOptions {
  /** The processor's microcode, as the client's annotations tell it. */
  readonly microcode?: string;
}

/**
 * The walk as JSON in minidump-stackwalk's schema (rust-minidump's json-schema.md): what is not known is null.
 * Analyses that need a disassembler (instruction, memory accesses, possible bit flips) are null.
 */
export function jsonDump(dump: Minidump, walk: Walk, options: JsonDumpOptions = {}): Record<string, unknown> {
  const hex = hexOfWidth(dump.systemInfo.pointerWidth);
  const threads = walk.threads.map((thread, index) => threadJson(dump, thread, index, hex));
  const { crashingThread } = walk;
  const crashed = crashingThread === undefined ? undefined : walk.threads[crashingThread];
  return {
    status: "OK",
    pid: dump.miscInfo?.pid ?? numberOrNull(dump.linux.procStatus?.["Pid"]),
    process_uptime: processUptime(dump),
    main_module: 0,
    modules_contains_cert_info: false,
    thread_count: dump.threads.length,
    system_info: systemInfoJson(dump, options),
    crash_info: {
      type: crashReason(dump) ?? null,
      address: orNull(crashAddress(dump), hex),
      adjusted_address: null,
      assertion: null,
      crash_inconsistencies: null,
      crashing_thread: crashingThread ?? null,
      instruction: null,
      instruction_pointer_update: null,
      memory_accesses: null,
      possible_bit_flips: null,
    },
    ...(crashed === undefined || crashed.frames.length === 0
      ? {}
      : { crashing_thread: crashingThreadJson(threads[crashingThread!]!, crashed, crashingThread!) }),
    threads,
    modules: dump.modules.map((module) => moduleJson(module, walk.symbols.get(module), hex)),
    unloaded_modules: dump.unloadedModules.map((module) => ({
      base_addr: hex(module.base),
      end_addr: hex(module.base + BigInt(module.size)),
      // Unlike that of a loaded module this is the name as the dump has it: Windows gives no path here.
      filename: module.name,
      code_id: module.codeId ?? "",
      cert_subject: null,
    })),
    lsb_release: dump.linux.lsbRelease ?? null,
    proc_limits: dump.linux.limits === undefined ? null : { limits: dump.linux.limits },
    linux_memory_map_count: dump.linux.maps?.lineCount ?? null,
    mac_crash_info: null,
    mac_boot_args: null,
    soft_errors: dump.softErrors ?? null,
    handles: dump.handles?.map(handleJson) ?? null,
  };
}

type Hex = (value: bigint) => string;

function hexOfWidth(pointerWidth: number): Hex {
  return (value) => `0x${value.toString(16).padStart(pointerWidth * 2, "0")}`;
}

function threadJson(dump: Minidump, walked: WalkedThread, index: number, hex: Hex) {
  const thread = dump.threads[index]!;
  return {
    thread_id: thread.id,
    thread_name: thread.name ?? null,
    last_error_value: null,
    frame_count: walked.frames.length,
    frames: walked.frames.map((frame, number) => frameJson(dump, frame, number, hex)),
  };
}

function crashingThreadJson(
  thread: ReturnType<typeof threadJson>,
  { context }: WalkedThread,
  index: number,
): Record<string, unknown> {
  const [first, ...others] = thread.frames;
  const frames = [{ ...first, registers: context && registersJson(context) }, ...others];
  return { ...thread, frames, threads_index: index };
}

function registersJson({ registers, width }: CpuContext): Record<string, string> {
  const hex = hexOfWidth(width);
  return Object.fromEntries(Object.entries(registers).map(([name, value]) => [name, hex(value)]));
}

function frameJson(dump: Minidump, frame: Frame, number: number, hex: Hex) {
  const { trust, instruction, module, symbol } = frame;
  const base = module?.base ?? 0n;
  return {
    frame: number,
    trust,
    offset: hex(instruction),
    module: module === undefined ? null : module.fileName,
    module_offset: module === undefined ? null : hex(instruction - base),
    function: symbol?.function ?? null,
    function_offset: symbol === undefined ? null : hex(instruction - base - BigInt(symbol.functionStart)),
    file: symbol?.file ?? null,
    line: symbol?.line ?? null,
    missing_symbols: symbol === undefined,
    inlines: symbol === undefined || symbol.inlines.length === 0 ? null : symbol.inlines.map(inlineJson),
    unloaded_modules: module === undefined ? unloadedAt(dump, instruction, hex) : null,
  };
}

function inlineJson(inline: { function: string; file: string | undefined; line: number | undefined }) {
  return { function: inline.function, file: inline.file ?? null, line: inline.line ?? null };
}

/** The modules that had been loaded at an address which no loaded module covers. */
function unloadedAt(dump: Minidump, address: bigint, hex: Hex) {
  const offsets = new Map<string, bigint[]>();
  for (const module of dump.unloadedModules) {
    const offset = address - module.base;
    if (offset < 0n || offset >= BigInt(module.size)) continue;
    const { name } = module;
    offsets.set(name, [...(offsets.get(name) ?? []), offset]);
  }
  if (offsets.size === 0) return null;
  return [...offsets].map(([module, found]) => ({
    module,
    offsets: [...new Set(found)].sort((a, b) => (a < b ? -1 : 1)).map(hex),
  }));
}

function moduleJson(module: MinidumpModule, answer: SymbolsAnswer | undefined, hex: Hex) {
  return {
    base_addr: hex(module.base),
    end_addr: hex(module.base + BigInt(module.size)),
    filename: module.fileName,
    code_id: module.codeId ?? "",
    debug_file: module.debugFile ?? "",
    debug_id: module.debugId ?? NO_DEBUG_ID,
    version: module.version ?? null,
    cert_subject: null,
    missing_symbols: answer?.kind === "missing",
    // A file that was there but could not be read counts as loaded, too (minidump-stackwalk's rule).
    loaded_symbols: answer?.kind === "found" || answer?.kind === "malformed",
    corrupt_symbols: answer?.kind === "malformed",
    symbol_url: (answer?.kind === "found" && answer.url) || null,
  };
}

function systemInfoJson({ systemInfo, linux }: Minidump, { microcode }: JsonDumpOptions) {
  return {
    os: systemInfo.os,
    os_ver: [systemInfo.osVersion, systemInfo.osBuild].filter((part) => part).join(" "),
    cpu_arch: systemInfo.cpu,
    cpu_info: systemInfo.cpuInfo ?? null,
    cpu_count: systemInfo.cpuCount,
    cpu_microcode_version: linux.cpuInfo?.["microcode"] ?? microcode ?? null,
  };
}

/** Handles are numbers in the schema; file descriptors and Windows handles are far below 2^53. */
function handleJson({ handle, typeName, objectName }: HandleDescriptor) {
  return { handle: Number(handle), type_name: typeName ?? null, object_name: objectName ?? null };
}

/** Seconds from the process's start to the dump. */
function processUptime({ miscInfo, timestamp }: Minidump): number | null {
  const started = miscInfo?.processCreateTime;
  return started === undefined ? null : Math.max(0, timestamp - started);
}

function orNull<T, R>(value: T | undefined, convert: (value: T) => R): R | null {
  return value === undefined ? null : convert(value);
}

function numberOrNull(text: string | undefined): number | null {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : null;
}
