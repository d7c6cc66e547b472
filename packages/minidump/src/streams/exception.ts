import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { follow, readLocation } from "../bytes/location.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import type { CpuContext } from "../contexts/cpu-context.ts";
import { readCpuContext } from "../contexts/read-cpu-context.ts";

/** Why the process crashed, as its system told the writer. */
export interface MinidumpException {
  /** Id of the thread that crashed. */
  readonly threadId: number;
  /** Signal number on Linux, exception code on Windows, Mach exception on macOS. */
  readonly code: number;
  /** `si_code` on Linux (as u32), exception flags on Windows, Mach code on macOS. */
  readonly flags: number;
  /** Address of the fault or of the faulting instruction, as the system gave it. */
  readonly address: bigint;
  /** Further facts of the system; at most 15. */
  readonly parameters: readonly bigint[];
  /** Registers at the fault. The thread's own context may be that of the signal handler. */
  readonly context: CpuContext | undefined;
}

const size = 168;
const maxParameters = 15;

/** Reads MINIDUMP_EXCEPTION_STREAM (minidumpapiset.h). */
export function readException(
  stream: ByteReader,
  context: StreamContext,
  architecture: number,
): Result<MinidumpException> {
  if (stream.length < size) return tooShort(stream, size);
  const parameterCount = Math.min(stream.u32(32), maxParameters);
  const record = follow(context.file, readLocation(stream, 160));
  return ok({
    threadId: stream.u32(0),
    code: stream.u32(8),
    flags: stream.u32(12),
    address: stream.u64(24),
    parameters: Array.from({ length: parameterCount }, (_, index) => stream.u64(40 + index * 8)),
    context: record === undefined ? undefined : readCpuContext(architecture, record),
  });
}
