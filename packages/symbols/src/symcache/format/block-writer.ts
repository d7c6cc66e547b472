import { crc32 } from "node:zlib";
import { MaydayError } from "@mayday/errors";
import { ByteWriter } from "./byte-writer.ts";
import { GrowingArray } from "./growing-array.ts";
import type { NameCodec } from "./name-codec.ts";
import {
  CHECKSUM_BYTES,
  FOOT_BYTES,
  HEAD_BYTES,
  MAGIC,
  MAX_FILE_BYTES,
  type SymcacheInfo,
  TABLES,
  type TableName,
  VERSION,
} from "./symcache-format.ts";

/** Where a symcache is written: bytes go to its end. */
export interface Output {
  readonly length: number;
  append(bytes: Uint8Array): void;
}

/** The blocks of one table: which ones, and the key of each one's first item. */
interface TableBlocks {
  first: number;
  items: number;
  readonly keys: GrowingArray<Float64Array>;
}

/** Writes a symcache's head, its blocks, and the index that finds them. Tables are written one after the other. */
export class BlockWriter {
  readonly #out: Output;
  readonly #ends = new GrowingArray(Uint32Array);
  readonly #tables = new Map<TableName, TableBlocks>();

  constructor(out: Output) {
    this.#out = out;
    const head = Buffer.alloc(HEAD_BYTES);
    MAGIC.copy(head);
    head.writeUInt32LE(VERSION, MAGIC.length);
    out.append(head);
  }

  /** Where the next block begins. */
  get position(): number {
    return this.#out.length;
  }

  /**
   * @param key of the block's first item
   * @param items how many it holds
   * @throws {MaydayError} SYMBOLS_MALFORMED when the file grows beyond what references reach
   */
  add(table: TableName, key: number, items: number, content: Uint8Array): void {
    if (this.position + content.length + CHECKSUM_BYTES > MAX_FILE_BYTES) {
      throw new MaydayError("SYMBOLS_MALFORMED", "its symcache would be larger than 4 GiB");
    }
    const blocks = this.#tables.get(table) ?? this.#begin(table);
    blocks.items += items;
    blocks.keys.push(key);
    this.#out.append(content);
    const sum = Buffer.allocUnsafe(CHECKSUM_BYTES);
    sum.writeUInt32LE(crc32(content));
    this.#out.append(sum);
    this.#ends.push(this.position);
  }

  /** Writes index and foot; the file is whole then. */
  finish(info: SymcacheInfo, registers: readonly string[], codec: NameCodec): void {
    const offset = this.position;
    const index = this.#index(info, registers, codec);
    const foot = new ByteWriter();
    foot.f64(offset);
    foot.u32(index.length);
    foot.u32(crc32(index));
    foot.f64(offset + index.length + FOOT_BYTES);
    foot.append(MAGIC);
    this.#out.append(index);
    this.#out.append(foot.view());
  }

  #begin(table: TableName): TableBlocks {
    const blocks = { first: this.#ends.length, items: 0, keys: new GrowingArray(Float64Array) };
    this.#tables.set(table, blocks);
    return blocks;
  }

  #index(info: SymcacheInfo, registers: readonly string[], codec: NameCodec): Buffer {
    const index = new ByteWriter();
    index.u32(this.#ends.length);
    for (const end of this.#ends.view()) index.u32(end);
    for (const name of TABLES) {
      const { first, items, keys } = this.#tables.get(name) ?? this.#begin(name);
      index.u32(first);
      index.u32(items);
      index.u32(keys.length);
      for (const key of keys.view()) index.f64(key);
    }
    codec.write(index);
    index.append(Buffer.from(JSON.stringify({ ...info, registers })));
    return index.view();
  }
}
