import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { readFixedUtf16 } from "../bytes/minidump-string.ts";
import { ok, type Result } from "../bytes/result.ts";

/** Facts about the process that have no stream of their own. Each is undefined when the writer did not set it. */
export interface MiscInfo {
  readonly pid: number | undefined;
  /** Seconds since 1970-01-01 UTC. */
  readonly processCreateTime: number | undefined;
  /** Seconds spent in user mode. */
  readonly processUserTime: number | undefined;
  /** Seconds spent in the kernel. */
  readonly processKernelTime: number | undefined;
  /** Processor clock in MHz; Breakpad on macOS wrote Hz (pipeline-inlines-macos-segv.dmp). */
  readonly processorMaxMhz: number | undefined;
  readonly processorCurrentMhz: number | undefined;
  /** Windows mandatory integrity level, as 0x2000 for medium. */
  readonly integrityLevel: number | undefined;
  /** Build of the system, as `22621.1 (WinBuild.160101.0800)`. */
  readonly buildString: string | undefined;
  /** Whether the process was a protected one (Windows). */
  readonly protectedProcess: number | undefined;
  /** Which memory may be executed (MEM_EXECUTE_OPTION_ flags of Windows). */
  readonly executeFlags: number | undefined;
  /** TIME_ZONE_ID_ of Windows, and the zone's name. */
  readonly timeZone: { readonly id: number; readonly name: string } | undefined;
  /** The value that Windows mixes into the process's encoded pointers. */
  readonly processCookie: number | undefined;
  /** Build of the debugging library that wrote the dump. */
  readonly debugBuildString: string | undefined;
}

/** Sizes of the five versions of the structure; each begins with the one before. */
const sizes = { v1: 24, v2: 44, v3: 232, v4: 832, v5: 1364 } as const;

const flags = {
  pid: 0x1,
  times: 0x2,
  power: 0x4,
  integrity: 0x10,
  executeFlags: 0x20,
  timeZone: 0x40,
  protectedProcess: 0x80,
  buildString: 0x100,
  processCookie: 0x200,
} as const;

/** Reads MINIDUMP_MISC_INFO of its five versions (minidumpapiset.h). */
export function readMiscInfo(stream: ByteReader): Result<MiscInfo> {
  if (stream.length < sizes.v1) return tooShort(stream, sizes.v1);
  const flags1 = stream.u32(4);
  const word = (at: number, flag: number): number | undefined =>
    (flags1 & flag) !== 0 && at + 4 <= stream.length ? stream.u32(at) : undefined;
  const text = (at: number, units: number): string | undefined => {
    if ((flags1 & flags.buildString) === 0 || stream.length < sizes.v4) return undefined;
    return readFixedUtf16(stream.range(at, units * 2)!) || undefined;
  };
  return ok({
    pid: word(8, flags.pid),
    processCreateTime: word(12, flags.times),
    processUserTime: word(16, flags.times),
    processKernelTime: word(20, flags.times),
    processorMaxMhz: stream.length < sizes.v2 ? undefined : word(24, flags.power),
    processorCurrentMhz: stream.length < sizes.v2 ? undefined : word(28, flags.power),
    integrityLevel: stream.length < sizes.v3 ? undefined : word(44, flags.integrity),
    executeFlags: stream.length < sizes.v3 ? undefined : word(48, flags.executeFlags),
    protectedProcess: stream.length < sizes.v3 ? undefined : word(52, flags.protectedProcess),
    timeZone: readTimeZone(stream, flags1),
    processCookie: stream.length < sizes.v5 ? undefined : word(1360, flags.processCookie),
    buildString: text(232, 260),
    debugBuildString: text(752, 40),
  });
}

/** The zone's id, and the TIME_ZONE_INFORMATION behind it, which begins with a bias and the name. */
function readTimeZone(stream: ByteReader, flags1: number): MiscInfo["timeZone"] {
  if (stream.length < sizes.v3 || (flags1 & flags.timeZone) === 0) return undefined;
  return { id: stream.u32(56), name: readFixedUtf16(stream.range(64, 64)!) ?? "" };
}
