import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { follow, readLocation } from "../bytes/location.ts";
import { fail, ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { minidumpError } from "../minidump-error.ts";

/** What one library said before it ended the process. Fields of later versions are undefined in older records. */
export interface MacCrashRecord {
  readonly thread: bigint | undefined;
  readonly dialogMode: bigint | undefined;
  readonly abortCause: bigint | undefined;
  readonly module: string | undefined;
  readonly message: string | undefined;
  readonly signatureString: string | undefined;
  readonly backtrace: string | undefined;
  readonly message2: string | undefined;
}

const maxRecords = 20;
/** Strings of a record from version 4 on. */
const stringCount = 5;
const headerSize = 12 + maxRecords * 8;

/** Reads MINIDUMP_MAC_CRASH_INFO, Mozilla's: a header that names up to twenty records. */
export function readMozMacosCrashInfo(stream: ByteReader, context: StreamContext): Result<MacCrashRecord[]> {
  if (stream.length < headerSize) return tooShort(stream, headerSize);
  const count = Math.min(stream.u32(4), maxRecords);
  const stringsAt = stream.u32(8);
  const records: MacCrashRecord[] = [];
  const versions = new Set<bigint>();
  for (let index = 0; index < count; index++) {
    const record = follow(context.file, readLocation(stream, 12 + index * 8));
    if (record === undefined || record.length < 16) return lost(index);
    const version = record.u64(8);
    versions.add(version);
    // Where versions are mixed it cannot be told which layout the others have.
    if (versions.size > 1)
      return fail(minidumpError("VersionMismatch", `records of versions ${[...versions]}`));
    const read = readRecord(record, Number(version), stringsAt, context);
    if (read === "cut") return lost(index);
    if (read !== undefined) records.push(read);
  }
  return ok(records);
}

const lost = (index: number) =>
  fail(minidumpError("StreamReadFailure", `record ${index} is cut off or lies outside the bytes`));

/** undefined for a version that has no fields. */
function readRecord(
  record: ByteReader,
  version: number,
  stringsAt: number,
  context: StreamContext,
): MacCrashRecord | "cut" | undefined {
  if (version < 1) return undefined;
  const numbersEnd = version >= 5 ? 40 : version >= 4 ? 32 : 16;
  if (record.length < numbersEnd || stringsAt < numbersEnd) return "cut";
  const strings = readStrings(record, stringsAt, version >= 4 ? stringCount : 0, context);
  if (strings === undefined) return "cut";
  const [module, message, signatureString, backtrace, message2] = strings;
  return {
    thread: version >= 4 ? record.u64(16) : undefined,
    dialogMode: version >= 4 ? record.u64(24) : undefined,
    abortCause: version >= 5 ? record.u64(32) : undefined,
    module,
    message,
    signatureString,
    backtrace,
    message2,
  };
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** `count` strings that end with NUL; undefined when one does not, or is no UTF-8. */
function readStrings(
  record: ByteReader,
  start: number,
  count: number,
  context: StreamContext,
): string[] | undefined {
  const strings: string[] = [];
  let at = start;
  for (let index = 0; index < count; index++) {
    const end = record.indexOf(0, at);
    if (end < 0 || !context.budget.spend(end - at)) return undefined;
    try {
      strings.push(utf8.decode(record.bytes(at, end)));
    } catch {
      return undefined;
    }
    at = end + 1;
  }
  return strings;
}
