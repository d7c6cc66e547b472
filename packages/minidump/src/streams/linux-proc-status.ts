import type { ByteReader } from "../byte-reader.ts";
import { keyValues, streamText } from "../key-value-text.ts";
import { ok, type Result } from "../result.ts";

/** Reads the LinuxProcStatus stream, a copy of /proc/self/status. */
export function readLinuxProcStatus(stream: ByteReader): Result<Record<string, string>> {
  return ok(Object.fromEntries(keyValues(streamText(stream), ":")));
}
