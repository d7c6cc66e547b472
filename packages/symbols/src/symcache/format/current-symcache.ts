import { HEAD_BYTES, MAGIC, VERSION } from "./symcache-format.ts";

/** Whether a symcache is of the version that is written today, by its first 16 bytes. */
export function isCurrentSymcache(head: Uint8Array): boolean {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  return (
    bytes.length >= HEAD_BYTES &&
    bytes.subarray(0, MAGIC.length).equals(MAGIC) &&
    bytes.readUInt32LE(MAGIC.length) === VERSION
  );
}
