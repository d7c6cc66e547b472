import type { ByteReader } from "./byte-reader.ts";
import { type MinidumpFile, readDirectory } from "./directory.ts";
import { follow } from "./location.ts";
import { type MemoryLookup, memoryLookup } from "./memory-lookup.ts";
import type { LinuxStreams, MacStreams, Minidump } from "./minidump.ts";
import { type MinidumpError, minidumpError } from "./minidump-error.ts";
import { fail, ok, type Result } from "./result.ts";
import { StreamContext } from "./stream-context.ts";
import { type StreamName, streamTypes } from "./stream-type.ts";
import { readAssertion } from "./streams/assertion.ts";
import { readBreakpadInfo } from "./streams/breakpad-info.ts";
import { readCrashpadInfo } from "./streams/crashpad-info.ts";
import { readException } from "./streams/exception.ts";
import { readHandleData } from "./streams/handle-data.ts";
import { readLinuxCpuInfo } from "./streams/linux-cpu-info.ts";
import { readLinuxEnviron } from "./streams/linux-environ.ts";
import { readLinuxLsbRelease } from "./streams/linux-lsb-release.ts";
import { readLinuxMaps } from "./streams/linux-maps.ts";
import { readLinuxProcStatus } from "./streams/linux-proc-status.ts";
import { readMemoryInfoList } from "./streams/memory-info-list.ts";
import { readMemoryList } from "./streams/memory-list.ts";
import { readMemory64List } from "./streams/memory64-list.ts";
import { readMiscInfo } from "./streams/misc-info.ts";
import { readModuleList } from "./streams/module-list.ts";
import { readMozLinuxLimits } from "./streams/moz-linux-limits.ts";
import { readMozMacosBootargs } from "./streams/moz-macos-bootargs.ts";
import { readMozMacosCrashInfo } from "./streams/moz-macos-crash-info.ts";
import { readMozSoftErrors } from "./streams/moz-soft-errors.ts";
import { readSystemInfo } from "./streams/system-info.ts";
import { readThreadList } from "./streams/thread-list.ts";
import { readThreadNames } from "./streams/thread-names.ts";
import { readUnloadedModuleList } from "./streams/unloaded-module-list.ts";

/** What `readMinidump` answers. */
export type ReadResult =
  | { readonly ok: true; readonly dump: Minidump }
  | { readonly ok: false; readonly error: MinidumpError };

/** A processor number that nobody has (winnt.h: PROCESSOR_ARCHITECTURE_UNKNOWN). */
const NO_ARCHITECTURE = 0xffff;

/** Reads one stream; undefined when it is absent or unreadable, which is then noted. */
type ReadStream = <T>(
  name: StreamName,
  read: (stream: ByteReader, context: StreamContext) => Result<T>,
) => T | undefined;

/**
 * Decodes a minidump of either byte order.
 *
 * It never throws. It fails when header or directory are unreadable, or when there is no SystemInfo or
 * ThreadList; any other stream that cannot be read is left out and told in `dump.notes`. The dump keeps views
 * into `bytes`, so `bytes` must not change afterwards.
 */
export function readMinidump(bytes: Uint8Array): ReadResult {
  // A Buffer is a Uint8Array whose slice() does not copy; memory handed out must not depend on which came in.
  const file = readDirectory(new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (!file.ok) return file;
  const context = new StreamContext(file.value.reader);
  const read = streamReader(file.value, context);

  const systemInfo = read("SystemInfo", readSystemInfo);
  const architecture = systemInfo?.architecture ?? NO_ARCHITECTURE;
  const threadNames = read("ThreadNames", readThreadNames) ?? new Map<number, string>();
  const threads = read("ThreadList", (stream) => readThreadList(stream, context, architecture, threadNames));
  // Where both are absent the thread list is the one named, as rust-minidump does.
  if (threads === undefined) return missing("ThreadList", context);
  if (systemInfo === undefined) return missing("SystemInfo", context);

  const dump: Minidump = {
    byteOrder: file.value.reader.byteOrder,
    timestamp: file.value.timestamp,
    systemInfo,
    threads,
    modules: read("ModuleList", (stream) => readModuleList(stream, context, systemInfo.os)) ?? [],
    unloadedModules: read("UnloadedModuleList", readUnloadedModuleList) ?? [],
    exception: read("Exception", (stream) => readException(stream, context, architecture)),
    memory: readMemory(read),
    memoryInfo: read("MemoryInfoList", readMemoryInfoList) ?? [],
    miscInfo: read("MiscInfo", readMiscInfo),
    breakpadInfo: read("BreakpadInfo", readBreakpadInfo),
    handles: read("HandleData", readHandleData),
    linux: readLinuxStreams(read),
    mac: readMacStreams(read),
    crashpadInfo: read("CrashpadInfo", readCrashpadInfo),
    assertion: read("Assertion", readAssertion),
    stabilityReport: read("StabilityReport", (stream) => ok(stream.bytes)),
    softErrors: read("MozSoftErrors", readMozSoftErrors),
    notes: context.notes,
  };
  if (context.budget.refused) context.note("some names are left out: together they are longer than the dump");
  return { ok: true, dump };
}

function streamReader(file: MinidumpFile, context: StreamContext): ReadStream {
  return (name, read) => {
    const location = file.streams.get(streamTypes[name]);
    if (location === undefined) return undefined;
    const result = readGuarded(follow(file.reader, location), context, read);
    if (result.ok) return result.value;
    context.note(`${name}: ${result.error.name}: ${result.error.message}`);
    return undefined;
  };
}

/**
 * Readers return their failures, so nothing is expected to throw here. The guard is for mistakes of ours: one
 * stream read wrongly must not cost the rest of the crash.
 */
function readGuarded<T>(
  stream: ByteReader | undefined,
  context: StreamContext,
  read: (stream: ByteReader, context: StreamContext) => Result<T>,
): Result<T> {
  if (stream === undefined) return fail(minidumpError("StreamReadFailure", "lies outside the bytes"));
  try {
    return read(stream, context);
  } catch (fault) {
    return fail(minidumpError("ReaderFault", String(fault)));
  }
}

/** Full-memory dumps have the 64-bit list; where there are both it is the one that counts, as in rust-minidump. */
function readMemory(read: ReadStream): MemoryLookup {
  return memoryLookup(read("Memory64List", readMemory64List) ?? read("MemoryList", readMemoryList) ?? []);
}

function readLinuxStreams(read: ReadStream): LinuxStreams {
  return {
    cpuInfo: read("LinuxCpuInfo", readLinuxCpuInfo),
    procStatus: read("LinuxProcStatus", readLinuxProcStatus),
    lsbRelease: read("LinuxLsbRelease", readLinuxLsbRelease),
    environment: read("LinuxEnviron", readLinuxEnviron),
    maps: read("LinuxMaps", readLinuxMaps),
    limits: read("MozLinuxLimits", readMozLinuxLimits),
  };
}

function readMacStreams(read: ReadStream): MacStreams {
  return {
    crashInfo: read("MozMacosCrashInfo", readMozMacosCrashInfo),
    bootArgs: read("MozMacosBootargs", readMozMacosBootargs),
  };
}

/** The failure for a required stream; what was noted about it becomes the detail. */
function missing(name: "SystemInfo" | "ThreadList", context: StreamContext): ReadResult {
  const why = context.notes.find((note) => note.startsWith(`${name}: `));
  return { ok: false, error: minidumpError(`Missing${name}`, why) };
}
