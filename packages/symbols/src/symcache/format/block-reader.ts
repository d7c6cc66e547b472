import { crc32 } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import type { Block, BlockCache, OwnBlocks } from "../read/block-cache.ts";
import type { SymcacheBytes } from "../read/symcache-bytes.ts";
import { ByteReader } from "./byte-reader.ts";
import { lastAtOrBefore } from "./last-at-or-before.ts";
import { NameCodec } from "./name-codec.ts";
import {
  CHECKSUM_BYTES,
  FOOT_BYTES,
  HEAD_BYTES,
  MAGIC,
  type SymcacheInfo,
  TABLES,
  type TableName,
  VERSION,
} from "./symcache-format.ts";

/** The largest block that is written: a function of a million lines and inlined ranges. */
const MAX_BLOCK_BYTES = 64 * 1024 ** 2;

/** The index of the largest known module takes 1 MB. */
const MAX_INDEX_BYTES = 256 * 1024 ** 2;

/** A run of blocks: the number of the first, and the key with which each begins. */
export interface Table {
  readonly first: number;
  readonly items: number;
  readonly keys: Float64Array;
}

/** A block and the key that its items count from. */
export interface Found {
  readonly block: Block;
  readonly key: number;
}

const corrupt = (why: string) => new MaydayError("SYMCACHE_CORRUPT", why);

/**
 * Reads the blocks of a symcache by position. Opening it reads index and foot; each block's checksum is compared when
 * the block is read.
 */
export class BlockReader {
  readonly info: SymcacheInfo;
  /** Names of registers by their numbers. */
  readonly registers: readonly string[];
  readonly codec: NameCodec;
  /** Bytes of memory that the index takes. */
  readonly indexBytes: number;
  readonly #bytes: SymcacheBytes;
  readonly #cache: BlockCache;
  readonly #onDamage: () => void;
  /** Where each block ends; the next one begins there. */
  readonly #ends: Uint32Array;
  readonly #tables: ReadonlyMap<TableName, Table>;
  readonly #blocks: OwnBlocks;
  /** The block that was asked for last: a string often stands in the block of its record. */
  #last = 0;

  /** @throws {MaydayError} SYMCACHE_CORRUPT when it is cut, damaged or of another version */
  constructor(bytes: SymcacheBytes, cache: BlockCache, onDamage: () => void = () => undefined) {
    this.#bytes = bytes;
    this.#onDamage = onDamage;
    this.#cache = cache;
    const index = readIndex(bytes);
    const reader = new ByteReader().start(index);
    this.#ends = reader.numbers(Uint32Array, counted(reader, 4));
    this.#blocks = new Array(this.#ends.length);
    this.#tables = new Map(TABLES.map((name) => [name, this.#readTable(reader)]));
    this.#checkEnds(bytes.length - FOOT_BYTES - index.length);
    this.codec = NameCodec.read(reader);
    const { registers, ...info } = readInfo(reader.take(reader.end - reader.at).toString("utf8"));
    this.registers = registers;
    this.info = info;
    this.indexBytes = index.length * 2;
  }

  table(name: TableName): Table {
    return this.#tables.get(name)!;
  }

  /** How many items a table has, and how many bytes its blocks take. */
  factsOf(name: TableName): { items: number; bytes: number } {
    const { first, items, keys } = this.table(name);
    const bytes = keys.length === 0 ? 0 : this.#ends[first + keys.length - 1]! - this.#begin(first);
    return { items, bytes };
  }

  get blockCount(): number {
    return this.#ends.length;
  }

  /** The block of a table whose items may have a key: the last one that begins at or before it. */
  find(table: Table, key: number): Found | undefined {
    const index = lastAtOrBefore(table.keys, key);
    if (index < 0) return undefined;
    return { block: this.block(table.first + index), key: table.keys[index]! };
  }

  /** The block that holds a place of the file, and where in the block that is. */
  at(position: number): { block: Block; at: number } {
    const number = this.#numberAt(position);
    const block = this.block(number);
    return { block, at: block.at + position - this.#begin(number) };
  }

  /** @throws {MaydayError} SYMCACHE_CORRUPT when its checksum is wrong or it cannot be read */
  block(number: number): Block {
    this.#last = number;
    return this.#blocks[number] ?? this.#load(number);
  }

  close(): void {
    this.#bytes.close();
  }

  #load(number: number): Block {
    const begin = this.#begin(number);
    const length = this.#ends[number]! - begin;
    const block = this.#cache.room(length);
    const damage = this.#read(begin, block);
    if (damage !== undefined) {
      this.#onDamage();
      throw corrupt(damage);
    }
    this.#cache.keep(block, this.#blocks, number);
    return block;
  }

  /** Reads a block to its room; tells what is wrong with it. */
  #read(begin: number, { bytes, view, at, end }: Block): string | undefined {
    try {
      this.#bytes.read(begin, end - at, bytes, at);
    } catch (error) {
      return (error as Error).message;
    }
    const content = new Uint8Array(bytes.buffer, at, end - at - CHECKSUM_BYTES);
    const isRight = crc32(content) === view.getUint32(end - CHECKSUM_BYTES, true);
    return isRight ? undefined : "a checksum is wrong";
  }

  #numberAt(position: number): number {
    const last = this.#last;
    if (position >= this.#begin(last) && position < this.#ends[last]!) return last;
    const number = lastAtOrBefore(this.#ends, position) + 1;
    if (position < HEAD_BYTES || number >= this.#ends.length) throw corrupt("a string lies outside");
    return number;
  }

  #begin(number: number): number {
    return number === 0 ? HEAD_BYTES : this.#ends[number - 1]!;
  }

  #readTable(reader: ByteReader): Table {
    const first = reader.u32();
    const items = reader.u32();
    const keys = reader.numbers(Float64Array, counted(reader, 8));
    if (first + keys.length > this.#ends.length) throw corrupt("a table lies outside");
    return { first, items, keys };
  }

  /** Blocks follow each other up to the index. */
  #checkEnds(index: number): void {
    let begin = HEAD_BYTES;
    for (const end of this.#ends) {
      if (end < begin + CHECKSUM_BYTES || end - begin > MAX_BLOCK_BYTES)
        throw corrupt("a block is misplaced");
      begin = end;
    }
    if (begin !== index) throw corrupt("its blocks do not fill it");
  }
}

/** A number of things that follow, each of so many bytes. */
function counted(reader: ByteReader, bytes: number): number {
  const count = reader.u32();
  if (count * bytes > reader.end - reader.at) throw corrupt("its index is too short");
  return count;
}

/** What the file says of itself, and the names of registers. */
function readInfo(text: string): SymcacheInfo & { registers: readonly string[] } {
  try {
    const info = JSON.parse(text);
    const texts = [info.debugId, info.debugFile, info.codeFile, info.url];
    const isWhole = texts.every(isString) && Array.isArray(info.registers) && info.registers.every(isString);
    if (isWhole) return info;
  } catch {
    // Falls through to the one complaint.
  }
  throw corrupt("what it says of itself is no JSON of a symcache");
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function readIndex(bytes: SymcacheBytes): Buffer {
  if (bytes.length < HEAD_BYTES + FOOT_BYTES) throw corrupt("it is too short");
  const head = Buffer.alloc(HEAD_BYTES);
  bytes.read(0, HEAD_BYTES, head);
  const isHead = head.subarray(0, MAGIC.length).equals(MAGIC) && head.readUInt32LE(MAGIC.length + 4) === 0;
  if (!isHead) throw corrupt("it is no symcache");
  const version = head.readUInt32LE(MAGIC.length);
  if (version !== VERSION) throw corrupt(`it is of version ${version}, not ${VERSION}`);
  const foot = Buffer.alloc(FOOT_BYTES);
  bytes.read(bytes.length - FOOT_BYTES, FOOT_BYTES, foot);
  const offset = foot.readDoubleLE(0);
  const length = foot.readUInt32LE(8);
  const isWhole = foot.readDoubleLE(16) === bytes.length && foot.subarray(24).equals(MAGIC);
  if (!isWhole || offset !== bytes.length - FOOT_BYTES - length) throw corrupt("it is cut");
  if (length > MAX_INDEX_BYTES) throw corrupt("its index is too long");
  const index = Buffer.allocUnsafe(length);
  bytes.read(offset, length, index);
  if (crc32(index) !== foot.readUInt32LE(12)) throw corrupt("the checksum of its index is wrong");
  return index;
}
