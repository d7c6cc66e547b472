import type { ByteReader } from "../byte-reader.ts";
import { tooShort } from "../list.ts";
import type { MemoryRange } from "../memory-range.ts";
import { ok, type Result } from "../result.ts";
import type { StreamContext } from "../stream-context.ts";

const headerSize = 16;
const entrySize = 16;
const addressSpaceEnd = 1n << 64n;

/**
 * Reads the Memory64List stream of full-memory dumps (MINIDUMP_MEMORY64_LIST): the regions' bytes lie one
 * after the other from one offset on. A dump cut off in transit keeps the regions whose bytes are there.
 */
export function readMemory64List(stream: ByteReader, context: StreamContext): Result<MemoryRange[]> {
  if (stream.length < headerSize) return tooShort(stream, headerSize);
  const count = Number(stream.u64(0));
  const needed = headerSize + count * entrySize;
  if (stream.length < needed) return tooShort(stream, needed);

  const fileLength = BigInt(context.file.length);
  const ranges: MemoryRange[] = [];
  let rva = stream.u64(8);
  for (let index = 0; index < count; index++) {
    const base = stream.u64(headerSize + index * entrySize);
    const size = stream.u64(headerSize + index * entrySize + 8);
    if (rva + size > fileLength) {
      context.note(`Memory64List: the bytes of ${count - index} of ${count} entries lie outside the file`);
      break;
    }
    if (size > 0n && base + size <= addressSpaceEnd) {
      ranges.push({ base, bytes: context.file.range(Number(rva), Number(size))!.bytes });
    }
    rva += size;
  }
  return ok([...context.bounded("Memory64List", ranges)]);
}
