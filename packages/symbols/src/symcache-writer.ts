import {
  CHECKSUM_AT,
  checksum,
  HEADER_BYTES,
  MAGIC,
  SECTION_ENTRY_BYTES,
  type SymcacheInfo,
  section,
  VERSION,
} from "./symcache-format.ts";

/** What stands in a section. */
export type Content =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  | { readonly kind: "numbers"; readonly values: Uint32Array | Int32Array }
  /** Ascending; they take 4 bytes each where the last one fits. */
  | { readonly kind: "addresses"; readonly values: Float64Array };

export type Sections = Map<number, Content>;

/** A column of 32-bit numbers in the order of `order`, converted where asked. */
export function numbers(
  column: Uint32Array | Int32Array,
  order: Uint32Array,
  convert?: (value: number) => number,
): Content {
  // The bits of a negative number are kept: 32 bits go in as they come out.
  const values = new Uint32Array(order.length);
  for (let i = 0; i < order.length; i++) {
    const value = column[order[i]!]!;
    values[i] = convert === undefined ? value : convert(value);
  }
  return { kind: "numbers", values };
}

/** A column of addresses in the order of `order`. */
export function addresses(column: Float64Array, order: Uint32Array): Content {
  const values = new Float64Array(order.length);
  for (let i = 0; i < order.length; i++) values[i] = column[order[i]!]!;
  return { kind: "addresses", values };
}

/** Writes the file that {@link section} and its page describe. */
export function writeSymcache(info: SymcacheInfo, sections: Sections): Buffer {
  sections.set(section.info, { kind: "bytes", bytes: Buffer.from(JSON.stringify(info)) });
  const addressBytes = fits32(sections) ? 4 : 8;
  let end = align(HEADER_BYTES + sections.size * SECTION_ENTRY_BYTES);
  const placed = [...sections].map(([id, content]) => {
    const length = bytesOf(content, addressBytes);
    const at = { id, content, offset: end, length };
    end = align(end + length);
    return at;
  });
  const file = Buffer.alloc(end);
  MAGIC.copy(file);
  file.writeUInt32LE(VERSION, 8);
  file.writeUInt32LE(addressBytes, 12);
  file.writeDoubleLE(end, 16);
  file.writeUInt32LE(placed.length, 24);
  let entry = HEADER_BYTES;
  for (const { id, content, offset, length } of placed) {
    file.writeUInt32LE(id, entry);
    file.writeDoubleLE(offset, entry + 8);
    file.writeDoubleLE(length, entry + 16);
    entry += SECTION_ENTRY_BYTES;
    writeContent(file, offset, content, addressBytes);
  }
  file.writeUInt32LE(checksum(file), CHECKSUM_AT);
  return file;
}

function bytesOf(content: Content, addressBytes: 4 | 8): number {
  switch (content.kind) {
    case "bytes":
      return content.bytes.length;
    case "numbers":
      return content.values.length * 4;
    case "addresses":
      return content.values.length * addressBytes;
  }
}

function writeContent(file: Buffer, offset: number, content: Content, addressBytes: 4 | 8): void {
  if (content.kind === "bytes") {
    file.set(content.bytes, offset);
    return;
  }
  const { kind, values } = content;
  const at = file.byteOffset + offset;
  const is64 = kind === "addresses" && addressBytes === 8;
  const target = is64
    ? new Float64Array(file.buffer, at, values.length)
    : new Uint32Array(file.buffer, at, values.length);
  target.set(values);
}

function fits32(sections: Sections): boolean {
  for (const content of sections.values()) {
    if (content.kind === "addresses" && (content.values.at(-1) ?? 0) > 0xffff_ffff) return false;
  }
  return true;
}

function align(offset: number): number {
  return Math.ceil(offset / 8) * 8;
}
