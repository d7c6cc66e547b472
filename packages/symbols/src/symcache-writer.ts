import { crc32 } from "node:zlib";
import {
  HEADER_BYTES,
  MAGIC,
  SECTION_ENTRY_BYTES,
  type SymcacheInfo,
  section,
  VERSION,
} from "./symcache-format.ts";

interface Column {
  readonly length: number;
  at(index: number): number | undefined;
}

/** What stands in a section. */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "numbers" | "addresses"; readonly length: number; at(index: number): number };

export type Sections = Map<number, Content>;

/** A column of 32-bit numbers, in another order and converted where asked. */
export function numbers(column: Column, order?: Column, convert?: (value: number) => number): Content {
  return content("numbers", column, order, convert);
}

/** A column of addresses. */
export function addresses(column: Column, order?: Column): Content {
  return content("addresses", column, order);
}

function content(
  kind: "numbers" | "addresses",
  column: Column,
  order?: Column,
  convert = (value: number) => value,
): Content {
  const index = (i: number) => (order === undefined ? i : (order.at(i) as number));
  return { kind, length: (order ?? column).length, at: (i) => convert(column.at(index(i)) as number) };
}

/** Writes the file that {@link section} and its page describe. */
export function writeSymcache(info: SymcacheInfo, sections: Sections): Buffer {
  sections.set(section.info, { kind: "bytes", bytes: Buffer.from(JSON.stringify(info)) });
  const addressBytes = fits32(sections) ? 4 : 8;
  let end = align(HEADER_BYTES + sections.size * SECTION_ENTRY_BYTES);
  const placed = [...sections].map(([id, content]) => {
    const length =
      content.kind === "bytes" ? content.bytes.length : content.length * width(content, addressBytes);
    const at = { id, content, offset: end, length };
    end = align(end + length);
    return at;
  });
  const file = Buffer.alloc(end);
  MAGIC.copy(file);
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(addressBytes, 12);
  file.writeDoubleLE(end, 16);
  file.writeUInt32LE(placed.length, 28);
  let entry = HEADER_BYTES;
  for (const { id, content, offset, length } of placed) {
    file.writeUInt32LE(id, entry);
    file.writeDoubleLE(offset, entry + 8);
    file.writeDoubleLE(length, entry + 16);
    entry += SECTION_ENTRY_BYTES;
    writeContent(file, offset, content, addressBytes);
  }
  file.writeUInt32LE(crc32(file.subarray(HEADER_BYTES)), 24);
  return file;
}

function writeContent(file: Buffer, offset: number, content: Content, addressBytes: 4 | 8): void {
  if (content.kind === "bytes") {
    file.set(content.bytes, offset);
    return;
  }
  const at = file.byteOffset + offset;
  const target =
    width(content, addressBytes) === 8
      ? new Float64Array(file.buffer, at, content.length)
      : new Uint32Array(file.buffer, at, content.length);
  for (let i = 0; i < content.length; i++) target[i] = content.at(i);
}

function width(content: Content, addressBytes: 4 | 8): 4 | 8 {
  return content.kind === "addresses" ? addressBytes : 4;
}

function fits32(sections: Sections): boolean {
  for (const content of sections.values()) {
    if (content.kind !== "addresses" || content.length === 0) continue;
    // Addresses are sorted: the last one is the largest.
    if (content.at(content.length - 1) > 0xffff_ffff) return false;
  }
  return true;
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
