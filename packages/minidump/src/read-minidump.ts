import type { ByteReader, OnRead } from "./bytes/byte-reader.ts";
import { type ByteSource, memorySource } from "./bytes/byte-source.ts";
import { followCut, type Location, peekCut, readLocation } from "./bytes/location.ts";
import { fail, ok, type Result } from "./bytes/result.ts";
import { StreamContext } from "./bytes/stream-context.ts";
import { isLoongarchContext } from "./contexts/loongarch.ts";
import { type MinidumpFile, readDirectory } from "./directory.ts";
import { type MemoryLookup, memoryLookup } from "./memory/memory-lookup.ts";
import type { LinuxStreams, MacStreams, Minidump, MinidumpThread } from "./minidump.ts";
import { type MinidumpError, minidumpError } from "./minidump-error.ts";
import { type StreamName, streamTypes } from "./stream-type.ts";
import { readAssertion } from "./streams/assertion.ts";
import { readBreakpadInfo } from "./streams/breakpad-info.ts";
import { readCrashpadInfo } from "./streams/crashpad-info.ts";
import { type MinidumpException, readException } from "./streams/exception.ts";
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
import { mayBeLoongarch, ofLoongarch, readSystemInfo, unknownSystem } from "./streams/system-info.ts";
import { readThreadList } from "./streams/thread-list.ts";
import { readThreadNames } from "./streams/thread-names.ts";
import { readUnloadedModuleList } from "./streams/unloaded-module-list.ts";

/** What `readMinidump` answers. */
export type ReadResult =
  | { readonly ok: true; readonly dump: Minidump }
  | { readonly ok: false; readonly error: MinidumpError };

/** Reads one stream; undefined when it is absent or unreadable, which is then noted. */
type ReadStream = <T>(name: StreamName, read: ReadOne<T>) => T | undefined;

/**
 * Decodes a minidump of either byte order.
 *
 * It never throws. It fails when header or directory are unreadable, or when none of threads, modules and exception
 * is there: then it tells nothing of a crash. Any other stream that cannot be read is left out and told in
 * `dump.notes`. Memory is read when it is asked for, so the bytes must be there and not change afterwards.
 */
export function readMinidump(dump: ByteSource | Uint8Array): ReadResult {
  const file = readDirectory(dump instanceof Uint8Array ? memorySource(dump) : dump);
  return file.ok ? readStreams(file.value, streamReader) : file;
}

/** A stream that is the copy of a text file. */
export interface TextStream {
  readonly name: StreamName;
  /** Place in the file, and bytes. */
  readonly at: number;
  readonly length: number;
}

/**
 * As {@link readMinidump}, and tells what was looked at.
 * @param onRead is told which bytes of the file were read; of the process's memory none are
 * @param left streams that are not looked at
 */
export function readMinidumpTelling(
  source: ByteSource,
  onRead: OnRead,
  left: ReadonlySet<StreamName>,
): { ok: true; dump: Minidump; texts: readonly TextStream[] } | { ok: false; error: MinidumpError } {
  const file = readDirectory(source, onRead);
  if (!file.ok) return file;
  const { reader, streams } = file.value;
  const texts = TEXTS.flatMap((name) =>
    (left.has(name) ? [] : (streams.get(streamTypes[name]) ?? [])).flatMap((location) => {
      const length = streamAt(reader, location)?.length ?? 0;
      return length === 0 ? [] : [{ name, at: location.rva, length }];
    }),
  );
  const read = readStreams(file.value, (from, context): ReadStream => {
    const reader = streamReader(from, context);
    return (name, stream) => (left.has(name) ? undefined : reader(name, stream));
  });
  return read.ok ? { ...read, texts } : read;
}

const TEXTS = [
  "LinuxCpuInfo",
  "LinuxProcStatus",
  "LinuxLsbRelease",
  "LinuxMaps",
  "MozLinuxLimits",
] as const satisfies readonly StreamName[];

function readStreams(
  file: MinidumpFile,
  readerOf: (file: MinidumpFile, context: StreamContext) => ReadStream,
): ReadResult {
  const context = new StreamContext(file.reader);
  const read = readerOf(file, context);

  const told = read("SystemInfo", readSystemInfo) ?? unknownSystem;
  const systemInfo = mayBeLoongarch(told) && hasLoongarchContexts(file) ? ofLoongarch(told) : told;
  const { architecture } = systemInfo;
  const threadNames = read("ThreadNames", readThreadNames) ?? new Map<number, string>();
  const threads = read("ThreadList", (stream) => readThreadList(stream, context, architecture, threadNames));
  const modules = read("ModuleList", (stream) => readModuleList(stream, context, systemInfo.os));
  const exception = read("Exception", (stream) => readException(stream, context, architecture));
  // rust-minidump refuses every dump without threads or system. Writers that died while they wrote left such ones.
  if (threads === undefined && modules === undefined && exception === undefined) return missing(context);
  if (threads === undefined) noteAbsence("ThreadList", context);
  if (told === unknownSystem) noteAbsence("SystemInfo", context);
  const isListed = file.streams.has(streamTypes.ThreadList);
  const crashed = isListed ? threadOfException(threads, exception, threadNames, context) : [];

  const dump: Minidump = {
    byteOrder: file.reader.byteOrder,
    timestamp: file.timestamp,
    systemInfo,
    threads: [...(threads ?? []), ...crashed],
    modules: modules ?? [],
    unloadedModules: read("UnloadedModuleList", readUnloadedModuleList) ?? [],
    exception,
    memory: readMemory(read),
    memoryInfo: read("MemoryInfoList", readMemoryInfoList) ?? [],
    miscInfo: read("MiscInfo", readMiscInfo),
    breakpadInfo: read("BreakpadInfo", readBreakpadInfo),
    handles: read("HandleData", readHandleData),
    linux: readLinuxStreams(read),
    mac: readMacStreams(read),
    crashpadInfo: read("CrashpadInfo", readCrashpadInfo),
    assertion: read("Assertion", readAssertion),
    stabilityReport: read("StabilityReport", (stream) => ok(stream.bytes())),
    softErrors: read("MozSoftErrors", readMozSoftErrors),
    notes: context.notes,
  };
  if (context.budget.refused) context.note("some names are left out: together they are longer than the dump");
  return { ok: true, dump };
}

/** Whether the context of the exception, or of the first thread, is one of LoongArch. */
function hasLoongarchContexts(file: MinidumpFile): boolean {
  const places = [
    ["Exception", 160],
    ["ThreadList", 4 + 40],
    ["ThreadList", 8 + 40],
  ] as const;
  return places.some(([name, at]) =>
    (file.streams.get(streamTypes[name]) ?? []).some((location) => {
      const place = peekCut(file.reader, location)?.peek(at, 8);
      const record = place && peekCut(file.reader, readLocation(place, 0));
      return record !== undefined && isLoongarchContext(record);
    }),
  );
}

/**
 * The thread that crashed, where the list that should have it cannot be read or ends before it: the exception has its
 * registers, and the memory they point to its stack. A dump that was written without a list has no threads.
 */
function threadOfException(
  threads: readonly MinidumpThread[] = [],
  exception: MinidumpException | undefined,
  names: ReadonlyMap<number, string>,
  context: StreamContext,
): MinidumpThread[] {
  if (exception?.context === undefined) return [];
  const { threadId: id, context: registers } = exception;
  const mayBeLost = threads.length === 0 || context.cutLists.has("ThreadList");
  if (!mayBeLost || threads.some((thread) => thread.id === id)) return [];
  context.note("ThreadList: the thread that crashed is known by its exception alone");
  return [{ id, teb: 0n, stackStart: 0n, stack: undefined, context: registers, name: names.get(id) }];
}

function streamReader(file: MinidumpFile, context: StreamContext): ReadStream {
  return <T>(name: StreamName, read: ReadOne<T>): T | undefined => {
    let empty: { readonly value: T } | undefined;
    // Of several streams of a type the last readable one that says something counts (rust-minidump: the last).
    for (const location of (file.streams.get(streamTypes[name]) ?? []).toReversed()) {
      const result = readGuarded(streamAt(file.reader, location), context, read);
      if (!result.ok) context.note(`${name}: ${result.error.name}: ${result.error.message}`);
      else if (Array.isArray(result.value) && result.value.length === 0) empty ??= result;
      else return result.value;
    }
    return empty?.value;
  };
}

type ReadOne<T> = (stream: ByteReader, context: StreamContext) => Result<T>;

/** More than the longest list that is kept has, and any text. A hostile file may call all its gigabytes a stream. */
const MOST_STREAM_BYTES = 64 * 1024 ** 2;

/** A stream as far as it is there and looked at. */
function streamAt(file: ByteReader, { rva, size }: Location): ByteReader | undefined {
  if (rva >= file.length) return undefined;
  return followCut(file, { rva, size: Math.min(size, MOST_STREAM_BYTES) });
}

/**
 * Readers return their failures, so nothing is expected to throw here. The guard is for mistakes of ours: one
 * stream read wrongly must not cost the rest of the crash.
 */
function readGuarded<T>(stream: ByteReader | undefined, context: StreamContext, read: ReadOne<T>): Result<T> {
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

/** The failure of a dump that tells nothing; what was noted about its threads becomes the detail. */
function missing(context: StreamContext): ReadResult {
  const why = context.notes.find((note) => note.startsWith("ThreadList: "));
  return { ok: false, error: minidumpError("MissingThreadList", why) };
}

/** Tells that a stream is not there which every dump should have, unless it was told why it cannot be read. */
function noteAbsence(name: "SystemInfo" | "ThreadList", context: StreamContext): void {
  if (!context.notes.some((note) => note.startsWith(`${name}: `)))
    context.note(`${name}: the dump has no such stream`);
}
