import { crc32 } from "node:zlib";
import type { StoredObject } from "@mayday/storage";

/** What the journal keeps for the mover: objects to store, the last of which shows that all are there; then a job to queue. */
export interface Entry {
  /** The queue that is told when the objects are stored. */
  readonly queue: "standard" | "pings";
  /** The crash id or the ping's document id. */
  readonly id: string;
  readonly objects: readonly StoredObject[];
}

/**
 * An entry in a segment: magic, length of the head, length of all objects' bytes, CRC-32 of head and bytes (32 bits each,
 * little endian); the head (JSON: queue, id, key and length of every object); the objects' bytes.
 */
const MAGIC = 0x31_4a_44_4d;
export const FRAME_BYTES = 16;

interface Head {
  readonly queue: Entry["queue"];
  readonly id: string;
  readonly objects: readonly (readonly [key: string, length: number])[];
}

/** The buffers to write, in order: nothing of the objects is copied. */
export function encodeEntry({ queue, id, objects }: Entry): Uint8Array[] {
  const head: Head = { queue, id, objects: objects.map(({ key, bytes }) => [key, bytes.length]) };
  const headBytes = Buffer.from(JSON.stringify(head));
  const bodies = objects.map(({ bytes }) => bytes);
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(headBytes.length, 4);
  frame.writeUInt32LE(
    bodies.reduce((sum, { length }) => sum + length, 0),
    8,
  );
  frame.writeUInt32LE(
    bodies.reduce((crc, bytes) => crc32(bytes, crc), crc32(headBytes)),
    12,
  );
  return [frame, headBytes, ...bodies];
}

/** The length of the entry that a frame begins, frame included; undefined when it is no frame. */
export function entryLength(frame: Buffer): number | undefined {
  if (frame.length < FRAME_BYTES || frame.readUInt32LE(0) !== MAGIC) return undefined;
  return FRAME_BYTES + frame.readUInt32LE(4) + frame.readUInt32LE(8);
}

/**
 * Reads a whole entry. Objects are views into `bytes`. Undefined when it is damaged.
 * @param check whether the bytes may have changed since they were written: they come from an earlier process
 */
export function decodeEntry(bytes: Buffer, check = true): Entry | undefined {
  if (entryLength(bytes) !== bytes.length) return undefined;
  if (check && crc32(bytes.subarray(FRAME_BYTES)) !== bytes.readUInt32LE(12)) return undefined;
  let at = FRAME_BYTES + bytes.readUInt32LE(4);
  const head: Head = JSON.parse(bytes.toString("utf8", FRAME_BYTES, at));
  const objects = head.objects.map(([key, length]) => {
    const start = at;
    at += length;
    return { key, bytes: bytes.subarray(start, at) };
  });
  return { queue: head.queue, id: head.id, objects };
}
