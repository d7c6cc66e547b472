import type { ByteReader } from "../bytes/byte-reader.ts";
import { streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";

/** Reads the LinuxEnviron stream, a copy of /proc/self/environ: `NAME=value`, each ended by a NUL. */
export function readLinuxEnviron(stream: ByteReader, context: StreamContext): Result<Record<string, string>> {
  const variables = new Map<string, string>();
  for (const variable of context.bounded("LinuxEnviron", streamText(stream).split("\0"))) {
    const at = variable.indexOf("=");
    if (at > 0) variables.set(variable.slice(0, at), variable.slice(at + 1));
  }
  return ok(Object.fromEntries(variables));
}
