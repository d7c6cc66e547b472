import { hash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { CrashId } from "@mayday/crash";
import type { StoredObject } from "@mayday/storage";

/** What the write-ahead log keeps: objects to store, the last of which shows that all are there. */
export interface Entry {
  /** Queued for processing when the objects are stored; undefined for what nobody processes. */
  readonly crashId: CrashId | undefined;
  readonly objects: readonly StoredObject[];
}

/**
 * An entry in a segment, little endian: salt of the segment's use (16 bytes); number of the write, length of the entry,
 * length of the head, CRC-32 of the head, CRC-32 of the objects that have no digest, CRC-32 of all that (32 bits each);
 * the head (JSON: crash id, and key, length and perhaps SHA-256 of every object); the objects' bytes.
 */
export const SALT_BYTES = 16;
const FRAME_BYTES = 40;
const BATCH_AT = 16;
const LENGTH_AT = 20;
const HEAD_LENGTH_AT = 24;
const HEAD_CRC_AT = 28;
const OBJECTS_CRC_AT = 32;
const FRAME_CRC_AT = 36;

interface Head {
  readonly crashId?: CrashId;
  readonly objects: readonly (readonly [key: string, length: number, sha256?: string])[];
}

/** An entry, ready to be framed and written. */
export interface EncodedEntry {
  /** Bytes, frame included. */
  readonly length: number;
  /** All that stands behind the frame; nothing of the objects is copied. */
  readonly pieces: readonly Uint8Array[];
  readonly headCrc: number;
  readonly objectsCrc: number;
}

export function encodeEntry({ crashId, objects }: Entry): EncodedEntry {
  const head: Head = {
    ...(crashId === undefined ? {} : { crashId }),
    objects: objects.map(({ key, bytes, sha256 }) =>
      sha256 === undefined ? [key, bytes.length] : [key, bytes.length, sha256],
    ),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const pieces = [headBytes, ...objects.map(({ bytes }) => bytes)];
  return {
    length: pieces.reduce((sum, { length }) => sum + length, FRAME_BYTES),
    pieces,
    headCrc: crc32(headBytes),
    objectsCrc: crcOfUndigested(objects),
  };
}

/** Those with a digest are checked by it: one pass over their bytes is enough. */
function crcOfUndigested(objects: readonly StoredObject[]): number {
  return objects.reduce((crc, { bytes, sha256 }) => (sha256 === undefined ? crc32(bytes, crc) : crc), 0);
}

/**
 * The frame of an entry.
 * @param salt of this use of the segment's file; nobody can guess it, so that nothing a client sends looks like a frame
 * @param batch all entries of one write have the number of that write
 */
export function frameOf(entry: EncodedEntry, salt: Uint8Array, batch: number): Buffer {
  const frame = Buffer.alloc(FRAME_BYTES);
  frame.set(salt);
  frame.writeUInt32LE(batch, BATCH_AT);
  frame.writeUInt32LE(entry.length, LENGTH_AT);
  frame.writeUInt32LE(entry.pieces[0]?.length ?? 0, HEAD_LENGTH_AT);
  frame.writeUInt32LE(entry.headCrc, HEAD_CRC_AT);
  frame.writeUInt32LE(entry.objectsCrc, OBJECTS_CRC_AT);
  frame.writeUInt32LE(crc32(frame.subarray(0, FRAME_CRC_AT)), FRAME_CRC_AT);
  return frame;
}

/** The number of the write and the length of the entry that a frame begins; undefined when it is none of this use. */
export function readFrame(frame: Buffer, salt: Uint8Array): { batch: number; length: number } | undefined {
  const isFrame =
    frame.length >= FRAME_BYTES &&
    frame.subarray(0, SALT_BYTES).equals(salt) &&
    frame.readUInt32LE(FRAME_CRC_AT) === crc32(frame.subarray(0, FRAME_CRC_AT));
  return isFrame ? { batch: frame.readUInt32LE(BATCH_AT), length: frame.readUInt32LE(LENGTH_AT) } : undefined;
}

/**
 * Reads an entry whose frame is good. Objects are views into `bytes`. Undefined when the bytes are damaged.
 * @param hashes whether objects with a digest are held against it, which costs as much as all else that moving does
 */
export function decodeEntry(bytes: Buffer, hashes = true): Entry | undefined {
  if (bytes.length < FRAME_BYTES || bytes.length < bytes.readUInt32LE(LENGTH_AT)) return undefined;
  let at = FRAME_BYTES + bytes.readUInt32LE(HEAD_LENGTH_AT);
  const headBytes = bytes.subarray(FRAME_BYTES, at);
  if (crc32(headBytes) !== bytes.readUInt32LE(HEAD_CRC_AT)) return undefined;
  const head: Head = JSON.parse(headBytes.toString("utf8"));
  const objects = head.objects.map(([key, length, sha256]): StoredObject => {
    const start = at;
    at += length;
    const object = { key, bytes: bytes.subarray(start, at) };
    return sha256 === undefined ? object : { ...object, sha256 };
  });
  const isGood =
    crcOfUndigested(objects) === bytes.readUInt32LE(OBJECTS_CRC_AT) &&
    (!hashes || objects.every(hasItsDigest));
  return isGood ? { crashId: head.crashId, objects } : undefined;
}

function hasItsDigest({ bytes, sha256 }: StoredObject): boolean {
  return sha256 === undefined || hash("sha256", bytes) === sha256;
}
