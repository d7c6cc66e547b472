import type { ByteReader } from "../byte-reader.ts";
import { streamText } from "../key-value-text.ts";
import { minidumpError } from "../minidump-error.ts";
import { fail, ok, type Result } from "../result.ts";

/** Reads the MozSoftErrors stream: JSON of whatever form Firefox's writer chose. */
export function readMozSoftErrors(stream: ByteReader): Result<unknown> {
  try {
    return ok(JSON.parse(streamText(stream)));
  } catch {
    return fail(minidumpError("DataError", "not JSON"));
  }
}
