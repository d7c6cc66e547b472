import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { readFixedUtf16 } from "../bytes/minidump-string.ts";
import { ok, type Result } from "../bytes/result.ts";

/** An assertion that failed; texts are empty where the writer knew none. */
export interface Assertion {
  readonly kind: "unknown" | "invalid_parameter" | "pure_virtual_call";
  readonly expression: string;
  readonly function: string;
  readonly file: string;
  readonly line: number;
}

/** UTF-16 units of each of the three texts. */
const textUnits = 128;
const textBytes = textUnits * 2;
const size = 3 * textBytes + 8;

/** Reads MDRawAssertionInfo (Breakpad's minidump_format.h). */
export function readAssertion(stream: ByteReader): Result<Assertion> {
  if (stream.length < size) return tooShort(stream, size);
  const text = (index: number) => readFixedUtf16(stream.range(index * textBytes, textBytes)!) ?? "";
  const type = stream.u32(3 * textBytes + 4);
  return ok({
    kind: type === 1 ? "invalid_parameter" : type === 2 ? "pure_virtual_call" : "unknown",
    expression: text(0),
    function: text(1),
    file: text(2),
    line: stream.u32(3 * textBytes),
  });
}
