import { crc32 } from "node:zlib";
import { FOOT_BYTES, HEAD_BYTES } from "../symcache/format/symcache-format.ts";

/** Makes the checksums of a symcache right for what it holds now, as far as its index can be read. */
export function resign(file: Buffer): void {
  const foot = file.length - FOOT_BYTES;
  const index = file.subarray(file.readDoubleLE(foot), foot);
  const count = Math.min(index.readUInt32LE(0), (index.length - 4) / 4);
  let begin = HEAD_BYTES;
  for (let block = 0; block < count; block++) {
    const end = index.readUInt32LE(4 + 4 * block);
    if (end < begin + 4 || end > file.length) break;
    file.writeUInt32LE(crc32(file.subarray(begin, end - 4)), end - 4);
    begin = end;
  }
  file.writeUInt32LE(crc32(index), foot + 12);
}
