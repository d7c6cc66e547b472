import type { ByteReader } from "../bytes/byte-reader.ts";
import { keyValues, streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";

/** Reads the LinuxCpuInfo stream, a copy of /proc/cpuinfo: the keys of its first processor. */
export function readLinuxCpuInfo(stream: ByteReader): Result<Record<string, string>> {
  const first = new Map<string, string>();
  for (const [key, value] of keyValues(streamText(stream), ":")) {
    if (!first.has(key)) first.set(key, value);
  }
  return ok(Object.fromEntries(first));
}
