import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { StoredObject } from "@mayday/storage";
import { BLOCK_BYTES, wholeBlocks } from "@mayday/storage/direct-io";

/** What the journal keeps for the mover: objects to store, the last of which shows that all are there; then a job to queue. */
export interface Entry {
  /** The queue that is told when the objects are stored. */
  readonly queue: "standard" | "pings";
  /** The crash id or the ping's document id. */
  readonly id: string;
  readonly objects: readonly StoredObject[];
}

/** Which use of a segment's file an entry belongs to, and which write. */
export interface Writing {
  /** Of this use alone, and nobody can guess it: behind the last entry stands what strangers once sent. */
  readonly salt: Uint8Array;
  /** All entries of one write have the number of that write. */
  readonly batch: number;
}

/**
 * An entry in a segment, little endian: magic, number of the write (32 bits each), salt (16 bytes), length of the entry,
 * length of the head, CRC-32 of the head, of the objects that have no digest, and of all that (32 bits each); the head
 * (JSON: queue, id, and key, length and perhaps SHA-256 of every object); the objects' bytes, large ones in blocks of
 * their own: from there the mover's store can write them directly.
 */
const MAGIC = 0x32_4a_44_4d;
export const SALT_BYTES = 16;
export const FRAME_BYTES = 44;
const SALT_AT = 8;
const LENGTH_AT = 24;
const HEAD_LENGTH_AT = 28;
const HEAD_CRC_AT = 32;
const OBJECTS_CRC_AT = 36;
const FRAME_CRC_AT = 40;
/** Of the format, too: it says where an object begins. Stores write directly what is as large. */
const OWN_BLOCKS_FROM = 64 * 1024;

interface Head {
  readonly queue: Entry["queue"];
  readonly id: string;
  readonly objects: readonly (readonly [key: string, length: number, sha256?: string])[];
}

/** An entry, ready to be framed and written. */
export interface EncodedEntry {
  /** Bytes, frame included. */
  readonly length: number;
  /** All that stands behind the frame; nothing of the objects is copied. */
  readonly pieces: readonly Uint8Array[];
  readonly headLength: number;
  readonly headCrc: number;
  readonly objectsCrc: number;
}

export function encodeEntry({ queue, id, objects }: Entry): EncodedEntry {
  const head: Head = {
    queue,
    id,
    objects: objects.map(({ key, bytes, sha256 }) =>
      sha256 === undefined ? [key, bytes.length] : [key, bytes.length, sha256],
    ),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const pieces: Uint8Array[] = [headBytes];
  let end = FRAME_BYTES + headBytes.length;
  for (const { bytes } of objects) {
    const start = startOf(bytes.length, end);
    if (start > end) pieces.push(BLANK.subarray(0, start - end));
    pieces.push(bytes);
    end = start + bytes.length;
  }
  return {
    length: end,
    pieces,
    headLength: headBytes.length,
    headCrc: crc32(headBytes),
    objectsCrc: crcOfUndigested(objects),
  };
}

const BLANK = Buffer.alloc(BLOCK_BYTES);

/** Where an object begins that comes behind `end`, in bytes of the entry, which begins at a block itself. */
function startOf(length: number, end: number): number {
  return length < OWN_BLOCKS_FROM ? end : wholeBlocks(end);
}

/** Those with a digest are checked by it: one pass over their bytes is enough. */
function crcOfUndigested(objects: readonly StoredObject[]): number {
  return objects.reduce((crc, { bytes, sha256 }) => (sha256 === undefined ? crc32(bytes, crc) : crc), 0);
}

export function frameOf(entry: EncodedEntry, { salt, batch }: Writing): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(batch, 4);
  frame.set(salt, SALT_AT);
  frame.writeUInt32LE(entry.length, LENGTH_AT);
  frame.writeUInt32LE(entry.headLength, HEAD_LENGTH_AT);
  frame.writeUInt32LE(entry.headCrc, HEAD_CRC_AT);
  frame.writeUInt32LE(entry.objectsCrc, OBJECTS_CRC_AT);
  frame.writeUInt32LE(crc32(frame.subarray(0, FRAME_CRC_AT)), FRAME_CRC_AT);
  return frame;
}

/** The number of the write and the length of the entry that a frame begins; undefined when it is none of this use. */
export function readFrame(frame: Buffer, salt: Uint8Array): { batch: number; length: number } | undefined {
  const isFrame =
    frame.length >= FRAME_BYTES &&
    frame.readUInt32LE(0) === MAGIC &&
    frame.subarray(SALT_AT, SALT_AT + SALT_BYTES).equals(salt) &&
    frame.readUInt32LE(FRAME_CRC_AT) === crc32(frame.subarray(0, FRAME_CRC_AT));
  return isFrame ? { batch: frame.readUInt32LE(4), length: frame.readUInt32LE(LENGTH_AT) } : undefined;
}

/**
 * Reads an entry whose frame is good; bytes behind it do not matter. Objects are views into `bytes`. Undefined when it is
 * damaged.
 * @param check whether the bytes may have changed since they were written: they come from an earlier process
 */
export function decodeEntry(bytes: Buffer, check = true): Entry | undefined {
  if (bytes.length < FRAME_BYTES || bytes.length < bytes.readUInt32LE(LENGTH_AT)) return undefined;
  let at = FRAME_BYTES + bytes.readUInt32LE(HEAD_LENGTH_AT);
  const headBytes = bytes.subarray(FRAME_BYTES, at);
  if (check && crc32(headBytes) !== bytes.readUInt32LE(HEAD_CRC_AT)) return undefined;
  const head: Head = JSON.parse(headBytes.toString("utf8"));
  const objects = head.objects.map(([key, length, sha256]): StoredObject => {
    const start = startOf(length, at);
    at = start + length;
    const object = { key, bytes: bytes.subarray(start, at) };
    return sha256 === undefined ? object : { ...object, sha256 };
  });
  const isGood =
    !check ||
    (crcOfUndigested(objects) === bytes.readUInt32LE(OBJECTS_CRC_AT) && objects.every(hasItsDigest));
  return isGood ? { queue: head.queue, id: head.id, objects } : undefined;
}

function hasItsDigest({ bytes, sha256 }: StoredObject): boolean {
  return sha256 === undefined || hash("sha256", bytes) === sha256;
}
