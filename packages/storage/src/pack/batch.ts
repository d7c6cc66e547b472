import { crc32 } from "node:zlib";
import { BLOCK_BYTES, bytesBehindBlock, wholeBlocks } from "../direct-io/index.ts";
import type { StoredObject } from "../object-store.ts";
import type { PackedBatch } from "../packing-store.ts";

/**
 * A batch of objects in a pack, at a block of it, little endian: a head of magic (8 bytes), bytes of the whole batch (64
 * bits), time of saving (64 bits, ms since 1970), bytes of the small objects, bytes of the directory, CRC-32 of both and of
 * the head before it (32 bits each); the small objects, one behind another; the directory (JSON: key, bytes, perhaps
 * SHA-256 or an empty text, and perhaps the lead of every object); zeros to the end of the block; then every large object in
 * blocks of its own, its lead of zeros before it: so far behind a block it stood in the memory that it was written from.
 */
const MAGIC = Buffer.from("MaydayP1");
export const HEAD_BYTES = 36;
const LENGTH_AT = 8;
const SAVED_AT = 16;
const SMALL_AT = 24;
const DIRECTORY_AT = 28;
const CRC_AT = 32;

/** Of the format, too: objects from so many bytes on have blocks of their own, from where they are written and read directly. */
const OWN_BLOCKS_FROM = 64 * 1024;

/** Where an object stands. */
export interface PlacedObject {
  readonly key: string;
  /** Bytes from the pack's beginning. */
  readonly at: number;
  /** Bytes. */
  readonly size: number;
  readonly sha256?: string;
}

/** A batch, ready to be written. */
export interface EncodedBatch extends Layout {
  /** What comes first, one piece behind another. */
  readonly front: readonly Uint8Array[];
  /** What comes then, each in whole blocks, as far behind a block as it is in memory. */
  readonly large: readonly Uint8Array[];
}

/** What a batch is, wherever it stands. */
export type Layout = Omit<PackedBatch, "pack" | "at">;

type Row = readonly [key: string, size: number, sha256?: string, lead?: number];

const isLarge = (size: number) => size >= OWN_BLOCKS_FROM;

export function encodeBatch(objects: readonly StoredObject[], savedAt: number): EncodedBatch {
  const directory = JSON.stringify(objects.map(rowOf));
  const directoryBytes = Buffer.from(directory);
  const small = objects.map(({ bytes }) => bytes).filter(({ length }) => !isLarge(length));
  const large = objects.map(({ bytes }) => bytes).filter(({ length }) => isLarge(length));
  const smallBytes = small.reduce((sum, { length }) => sum + length, 0);
  const frontBytes = HEAD_BYTES + smallBytes + directoryBytes.length;
  const length = large.reduce(
    (sum, bytes) => sum + wholeBlocks(bytesBehindBlock(bytes) + bytes.length),
    wholeBlocks(frontBytes),
  );
  const head = Buffer.alloc(HEAD_BYTES);
  head.set(MAGIC);
  head.writeBigUInt64LE(BigInt(length), LENGTH_AT);
  head.writeBigUInt64LE(BigInt(savedAt), SAVED_AT);
  head.writeUInt32LE(smallBytes, SMALL_AT);
  head.writeUInt32LE(directoryBytes.length, DIRECTORY_AT);
  head.writeUInt32LE(
    [...small, directoryBytes].reduce((crc, bytes) => crc32(bytes, crc), crcOf(head)),
    CRC_AT,
  );
  return { length, frontBytes, directory, savedAt, front: [head, ...small, directoryBytes], large };
}

function rowOf({ key, bytes, sha256 }: StoredObject): Row {
  const lead = isLarge(bytes.length) ? bytesBehindBlock(bytes) : 0;
  if (lead > 0) return [key, bytes.length, sha256 ?? "", lead];
  return sha256 === undefined ? [key, bytes.length] : [key, bytes.length, sha256];
}

/** Where the objects of a batch stand. */
export function placesIn({
  at,
  frontBytes,
  directory,
}: Pick<PackedBatch, "at" | "frontBytes" | "directory">): PlacedObject[] {
  const rows: Row[] = JSON.parse(directory);
  let nextSmall = at + HEAD_BYTES;
  let nextLarge = at + wholeBlocks(frontBytes);
  return rows.map(([key, size, sha256 = "", lead = 0]) => {
    const object = { key, size, at: isLarge(size) ? nextLarge + lead : nextSmall };
    if (isLarge(size)) nextLarge += wholeBlocks(lead + size);
    else nextSmall += size;
    return sha256 === "" ? object : { ...object, sha256 };
  });
}

function crcOf(head: Buffer): number {
  return crc32(head.subarray(0, CRC_AT));
}

/** What a batch's head says of it; undefined for what is no batch's beginning. */
export function readHead(head: Buffer): Pick<Layout, "length" | "frontBytes"> | undefined {
  if (head.length < HEAD_BYTES || !head.subarray(0, MAGIC.length).equals(MAGIC)) return undefined;
  const length = Number(head.readBigUInt64LE(LENGTH_AT));
  const frontBytes = HEAD_BYTES + head.readUInt32LE(SMALL_AT) + head.readUInt32LE(DIRECTORY_AT);
  const isSound = length % BLOCK_BYTES === 0 && length >= wholeBlocks(frontBytes);
  return isSound ? { length, frontBytes } : undefined;
}

/** Reads a batch's front, whose head is one; undefined when it is damaged. */
export function decodeFront(front: Buffer): Layout | undefined {
  const head = readHead(front);
  if (head === undefined || front.length < head.frontBytes) return undefined;
  if (crc32(front.subarray(HEAD_BYTES), crcOf(front)) !== front.readUInt32LE(CRC_AT)) return undefined;
  const directory = front.toString("utf8", HEAD_BYTES + front.readUInt32LE(SMALL_AT), head.frontBytes);
  return { ...head, directory, savedAt: Number(front.readBigUInt64LE(SAVED_AT)) };
}
