import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { fail, ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import { minidumpError } from "../minidump-error.ts";

/** An open handle or file descriptor. */
export interface HandleDescriptor {
  readonly handle: bigint;
  /** Kind of object, as `File`. */
  readonly typeName: string | undefined;
  /** Name of the object, as a path. */
  readonly objectName: string | undefined;
}

const headerSize = 16;
/** Bytes of MINIDUMP_HANDLE_DESCRIPTOR; the second version appends to it. */
const leastEntrySize = 32;

/** Reads the HandleData stream (MINIDUMP_HANDLE_DATA_STREAM, minidumpapiset.h). */
export function readHandleData(stream: ByteReader, context: StreamContext): Result<HandleDescriptor[]> {
  if (stream.length < headerSize) return tooShort(stream, headerSize);
  const start = stream.u32(0);
  const entrySize = stream.u32(4);
  const count = stream.u32(8);
  if (entrySize < leastEntrySize || start < headerSize) {
    return fail(minidumpError("StreamSizeMismatch", `header of ${start} bytes, entries of ${entrySize}`));
  }
  const needed = start + count * entrySize;
  if (stream.length < needed) return tooShort(stream, needed);
  const entries = Array.from({ length: count }, (_, index) => start + index * entrySize);
  return ok(
    context.bounded("HandleData", entries).map((at): HandleDescriptor => {
      const [typeRva, objectRva] = [stream.u32(at + 8), stream.u32(at + 12)];
      return {
        handle: stream.u64(at),
        typeName: typeRva === 0 ? undefined : context.string(typeRva),
        objectName: objectRva === 0 ? undefined : context.string(objectRva),
      };
    }),
  );
}
