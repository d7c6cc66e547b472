import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";

const size = 12;

/** Reads the MozMacosBootargs stream: its own type, and where the kernel's boot arguments stand. */
export function readMozMacosBootargs(
  stream: ByteReader,
  context: StreamContext,
): Result<{ text: string | undefined }> {
  if (stream.length < size) return tooShort(stream, size);
  return ok({ text: context.string(Number(stream.u64(4))) });
}
