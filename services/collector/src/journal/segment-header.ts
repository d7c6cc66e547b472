import { crc32 } from "node:zlib";
import { BLOCK_BYTES } from "@mayday/storage/direct-io";
import { SALT_BYTES } from "./entry.ts";

/** What the first block of a segment says of this use of the file. */
export interface SegmentHeader {
  /** Later uses, of whatever file, have higher ones. 0: the file is free. */
  readonly sequence: number;
  readonly salt: Uint8Array;
}

/** Magic, sequence (64 bits), salt, CRC-32 of all that; zeros to the end of the block. */
const MAGIC = Buffer.from("MaydayJ2");
const SEQUENCE_AT = 8;
const SALT_AT = 16;
const CRC_AT = SALT_AT + SALT_BYTES;

export function encodeHeader({ sequence, salt }: SegmentHeader): Buffer {
  const block = Buffer.alloc(BLOCK_BYTES);
  block.set(MAGIC);
  block.writeBigUInt64LE(BigInt(sequence), SEQUENCE_AT);
  block.set(salt, SALT_AT);
  block.writeUInt32LE(crc32(block.subarray(0, CRC_AT)), CRC_AT);
  return block;
}

/** Undefined for what is no header. */
export function decodeHeader(block: Buffer): SegmentHeader | undefined {
  const isHeader =
    block.length >= BLOCK_BYTES &&
    block.subarray(0, MAGIC.length).equals(MAGIC) &&
    block.readUInt32LE(CRC_AT) === crc32(block.subarray(0, CRC_AT));
  if (!isHeader) return undefined;
  return {
    sequence: Number(block.readBigUInt64LE(SEQUENCE_AT)),
    salt: Uint8Array.from(block.subarray(SALT_AT, CRC_AT)),
  };
}
