import type { ByteReader } from "../bytes/byte-reader.ts";
import { keyValues, streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";

/** Reads the LinuxProcStatus stream, a copy of /proc/self/status. */
export function readLinuxProcStatus(stream: ByteReader): Result<Record<string, string>> {
  return ok(Object.fromEntries(keyValues(streamText(stream), ":")));
}
