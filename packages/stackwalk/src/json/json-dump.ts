import type { StackJson } from "@mayday/crash";
import type { HandleDescriptor, MacCrashRecord, Minidump } from "@mayday/minidump";
import type { Walk } from "../walk/walk.ts";
import { crashInfoJson } from "./crash-info-json.ts";
import { type Hex, hexOfWidth } from "./json-values.ts";
import { moduleJson, type SymbolsOfModule, unloadedModuleJson } from "./module-json.ts";
import { crashingThreadJson, threadJson } from "./thread-json.ts";

/** What a report needs to know of the crash beside what the dump holds: the client's annotations tell it. */
export interface JsonDumpOptions {
  /** The processor's microcode, `0x` and hex digits. */
  readonly microcode?: string;
  /** Makes a JSON value of the digits of a number above 2^53; their text unless given. */
  readonly bigNumber?: (digits: string) => unknown;
  /** Who signed which module: module's file name → subject of the certificate. */
  readonly certificates?: ReadonlyMap<string, string>;
}

/**
 * The walk as JSON in minidump-stackwalk's schema (rust-minidump's json-schema.md): what is not known is null. Of a
 * thread whose middle frames are left out `omitted_frames` tells how many, and `unreadable` which parts of the dump
 * could not be read; the schema has no names for these.
 */
export function jsonDump(dump: Minidump, walk: Walk, options: JsonDumpOptions = {}): StackJson {
  const hex = hexOfWidth(dump.systemInfo.pointerWidth);
  const certificates = options.certificates ?? new Map<string, string>();
  const threads = walk.threads.map((thread, index) => threadJson(dump, thread, index, hex));
  const { crashingThread } = walk;
  const crashed = crashingThread === undefined ? undefined : walk.threads[crashingThread];
  const symbolsOf: SymbolsOfModule = (module) => walk.symbols.get(module);
  return {
    status: "OK",
    pid: processId(dump),
    process_uptime: processUptime(dump),
    main_module: 0,
    modules_contains_cert_info: certificates.size > 0,
    thread_count: dump.threads.length,
    system_info: systemInfoJson(dump, options),
    crash_info: crashInfoJson(dump, walk, hex),
    ...(crashed === undefined || crashed.frames.length === 0
      ? {}
      : { crashing_thread: crashingThreadJson(threads[crashingThread!]!, crashed, crashingThread!) }),
    threads,
    modules: dump.modules.map((module) => moduleJson(module, symbolsOf, certificates, hex)),
    unloaded_modules: dump.unloadedModules.map((module) => unloadedModuleJson(module, certificates, hex)),
    lsb_release: dump.linux.lsbRelease ?? null,
    proc_limits: dump.linux.limits === undefined ? null : { limits: dump.linux.limits },
    linux_memory_map_count: dump.linux.maps?.lineCount ?? null,
    mac_crash_info: macCrashInfoJson(dump, hex),
    mac_boot_args: dump.mac.bootArgs?.text ?? null,
    soft_errors: dump.softErrors ?? null,
    handles: dump.handles?.map((handle) => handleJson(handle, options)) ?? null,
    ...(dump.notes.length === 0 ? {} : { unreadable: dump.notes }),
  };
}

/** MiscInfo counts, also where it is there and says nothing of the process. */
function processId({ miscInfo, linux }: Minidump): number | null {
  if (miscInfo !== undefined) return miscInfo.pid ?? null;
  const told = linux.procStatus?.["Pid"];
  return told !== undefined && /^\d+$/.test(told) ? Number(told) : null;
}

function systemInfoJson({ systemInfo, linux }: Minidump, { microcode }: JsonDumpOptions) {
  return {
    os: systemInfo.os,
    os_ver: [systemInfo.osVersion, systemInfo.osBuild].filter((part) => part).join(" "),
    cpu_arch: systemInfo.cpu,
    cpu_info: systemInfo.cpuInfo ?? null,
    cpu_count: systemInfo.cpuCount,
    cpu_microcode_version: microcodeText(linux.cpuInfo?.["microcode"] ?? microcode),
  };
}

/** Hex digits behind `0x`, without leading zeros; null for what is no number of 64 bits. */
function microcodeText(told: string | undefined): string | null {
  if (told === undefined || !/^0x[0-9a-f]{1,16}$/i.test(told)) return null;
  return `0x${BigInt(told).toString(16)}`;
}

function macCrashInfoJson({ mac: { crashInfo } }: Minidump, hex: Hex) {
  if (crashInfo === undefined) return null;
  return { num_records: crashInfo.length, records: crashInfo.map((record) => macRecordJson(record, hex)) };
}

function macRecordJson(record: MacCrashRecord, hex: Hex) {
  return {
    // Libraries fill what they know, so that nothing is 0 or an empty text.
    thread: record.thread ? hex(record.thread) : null,
    dialog_mode: record.dialogMode ? hex(record.dialogMode) : null,
    abort_cause: record.abortCause ? hex(record.abortCause) : null,
    module: record.module || null,
    message: record.message || null,
    signature_string: record.signatureString || null,
    backtrace: record.backtrace || null,
    message2: record.message2 || null,
  };
}

/** Handles are numbers in the schema. Pseudo-handles count down from 2^64, where JavaScript's numbers are not exact. */
function handleJson({ handle, typeName, objectName }: HandleDescriptor, { bigNumber }: JsonDumpOptions) {
  const isExact = handle <= BigInt(Number.MAX_SAFE_INTEGER);
  const exact = () => (bigNumber === undefined ? handle.toString() : bigNumber(handle.toString()));
  return {
    handle: isExact ? Number(handle) : exact(),
    type_name: typeName ?? null,
    object_name: objectName ?? null,
  };
}

/** Seconds from the process's start to the dump. */
function processUptime({ miscInfo, timestamp }: Minidump): number | null {
  const started = miscInfo?.processCreateTime;
  return started === undefined ? null : Math.max(0, timestamp - started);
}
