import type { CpuContext } from "./contexts/cpu-context.ts";
import type { MemoryLookup } from "./memory/memory-lookup.ts";
import type { MemoryRange } from "./memory/memory-range.ts";
import type { Assertion } from "./streams/assertion.ts";
import type { BreakpadInfo } from "./streams/breakpad-info.ts";
import type { CrashpadInfo } from "./streams/crashpad-info.ts";
import type { MinidumpException } from "./streams/exception.ts";
import type { HandleDescriptor } from "./streams/handle-data.ts";
import type { LsbRelease } from "./streams/linux-lsb-release.ts";
import type { LinuxMaps } from "./streams/linux-maps.ts";
import type { MemoryInfo } from "./streams/memory-info-list.ts";
import type { MiscInfo } from "./streams/misc-info.ts";
import type { MinidumpModule } from "./streams/module-list.ts";
import type { ResourceLimit } from "./streams/moz-linux-limits.ts";
import type { MacCrashRecord } from "./streams/moz-macos-crash-info.ts";
import type { SystemInfo } from "./streams/system-info.ts";
import type { UnloadedModule } from "./streams/unloaded-module-list.ts";

/** A thread of the crashed process. */
export interface MinidumpThread {
  readonly id: number;
  /** Address of the thread environment block; 0 where the writer has none. */
  readonly teb: bigint;
  /** Address where the thread's stack memory starts, also when its bytes are not with the thread. */
  readonly stackStart: bigint;
  /** The stack bytes given with the thread. `stackMemory` knows where else they may be. */
  readonly stack: MemoryRange | undefined;
  /** undefined when absent, damaged, or of a processor this package does not read. */
  readonly context: CpuContext | undefined;
  readonly name: string | undefined;
}

/** What a Linux writer adds: text files of /proc and /etc as they were at the crash. */
export interface LinuxStreams {
  /** /proc/cpuinfo of the first processor, key → value. */
  readonly cpuInfo: Readonly<Record<string, string>> | undefined;
  /** /proc/self/status, key → value; `Pid` is the process id. */
  readonly procStatus: Readonly<Record<string, string>> | undefined;
  /** /etc/lsb-release or /etc/os-release. */
  readonly lsbRelease: LsbRelease | undefined;
  /** The process's environment. May hold secrets: it is for nobody to see. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  /** /proc/self/maps. */
  readonly maps: LinuxMaps | undefined;
  /** /proc/self/limits. */
  readonly limits: readonly ResourceLimit[] | undefined;
}

/** What Firefox's writer on macOS adds. */
export interface MacStreams {
  /** What libraries left in their `__crash_info` sections before they ended the process. */
  readonly crashInfo: readonly MacCrashRecord[] | undefined;
  /** The kernel's boot arguments; `text` is undefined where the string cannot be read. */
  readonly bootArgs: { readonly text: string | undefined } | undefined;
}

/** A minidump, decoded. Plain data; memory and stacks are views into the bytes it was read from. */
export interface Minidump {
  /** Byte order of the dump, and of every word in its memory. */
  readonly byteOrder: "little" | "big";
  /** When the dump was written, in seconds since 1970-01-01 UTC. */
  readonly timestamp: number;
  readonly systemInfo: SystemInfo;
  /** In the order of the dump. */
  readonly threads: readonly MinidumpThread[];
  /** In the order of the dump: the first is the main module. */
  readonly modules: readonly MinidumpModule[];
  readonly unloadedModules: readonly UnloadedModule[];
  readonly exception: MinidumpException | undefined;
  readonly memory: MemoryLookup;
  /** What the process's address space looked like, in the order of the dump; empty when not told. */
  readonly memoryInfo: readonly MemoryInfo[];
  readonly miscInfo: MiscInfo | undefined;
  readonly breakpadInfo: BreakpadInfo | undefined;
  /** Open handles or file descriptors; undefined when not told. */
  readonly handles: readonly HandleDescriptor[] | undefined;
  readonly linux: LinuxStreams;
  readonly mac: MacStreams;
  readonly crashpadInfo: CrashpadInfo | undefined;
  /** The assertion that failed, as Breakpad's handlers on Windows record it. */
  readonly assertion: Assertion | undefined;
  /** Chrome's stability report: a protobuf message, as it lies in the dump. */
  readonly stabilityReport: Uint8Array | undefined;
  /** What went wrong while Firefox wrote the dump: its JSON, parsed. undefined when absent. */
  readonly softErrors: unknown;
  /** What could not be read, one sentence each, for a human. */
  readonly notes: readonly string[];
}
