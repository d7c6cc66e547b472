import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";

/** Which threads the writer singled out. */
export interface BreakpadInfo {
  /** Id of the thread that wrote the dump; its stack is of no interest. */
  readonly dumpThreadId: number | undefined;
  /** Id of the thread that asked for a dump without a crash. */
  readonly requestingThreadId: number | undefined;
}

const size = 12;

/** Reads MDRawBreakpadInfo (Breakpad's minidump_format.h): its first word says which of the ids are valid. */
export function readBreakpadInfo(stream: ByteReader): Result<BreakpadInfo> {
  if (stream.length < size) return tooShort(stream, size);
  const validity = stream.u32(0);
  return ok({
    dumpThreadId: validity & 1 ? stream.u32(4) : undefined,
    requestingThreadId: validity & 2 ? stream.u32(8) : undefined,
  });
}
