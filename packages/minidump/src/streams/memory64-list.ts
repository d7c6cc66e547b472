import type { ByteReader } from "../bytes/byte-reader.ts";
import { tooShort } from "../bytes/list.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";
import type { MemoryRange } from "../memory/memory-range.ts";

const headerSize = 16;
const entrySize = 16;
const addressSpaceEnd = 1n << 64n;

/**
 * Reads the Memory64List stream of full-memory dumps (MINIDUMP_MEMORY64_LIST): the regions' bytes lie one
 * after the other from one offset on. A dump cut off in transit keeps the bytes that are there.
 */
export function readMemory64List(stream: ByteReader, context: StreamContext): Result<MemoryRange[]> {
  if (stream.length < headerSize) return tooShort(stream, headerSize);
  const told = stream.u64(0);
  const entriesThere = Math.floor((stream.length - headerSize) / entrySize);
  const count = told < BigInt(entriesThere) ? Number(told) : entriesThere;
  if (told > 0n && (count === 0 || stream.u64(8) === 0n)) return tooShort(stream, headerSize + entrySize);
  if (told > BigInt(count))
    context.note(`Memory64List: ${told - BigInt(count)} of ${told} entries are not there`);
  const fileLength = BigInt(context.file.length);
  const ranges: MemoryRange[] = [];
  let rva = stream.u64(8);
  for (let index = 0; index < count; index++) {
    const base = stream.u64(headerSize + index * entrySize);
    const size = stream.u64(headerSize + index * entrySize + 8);
    const left = rva < fileLength ? fileLength - rva : 0n;
    const there = size < left ? size : left;
    if (there > 0n && base + there <= addressSpaceEnd) {
      ranges.push({ base, bytes: context.file.peek(Number(rva), Number(there))! });
    }
    if (there < size) {
      context.note(`Memory64List: the bytes of ${count - index} of ${count} entries lie outside the file`);
      break;
    }
    rva += size;
  }
  return ok([...context.bounded("Memory64List", ranges)]);
}
