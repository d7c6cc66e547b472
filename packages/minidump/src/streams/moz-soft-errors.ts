import type { ByteReader } from "../bytes/byte-reader.ts";
import { streamText } from "../bytes/key-value-text.ts";
import { fail, ok, type Result } from "../bytes/result.ts";
import { minidumpError } from "../minidump-error.ts";

/** Reads the MozSoftErrors stream: JSON of whatever form Firefox's writer chose. */
export function readMozSoftErrors(stream: ByteReader): Result<unknown> {
  try {
    return ok(JSON.parse(streamText(stream)));
  } catch {
    return fail(minidumpError("DataError", "not JSON"));
  }
}
