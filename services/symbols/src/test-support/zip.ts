import { crc32, deflateRawSync } from "node:zlib";

/** A member of an archive to be made, and how it lies. */
export interface ZipMember {
  readonly name: string | Buffer;
  readonly content?: Uint8Array;
  /** What the directory says instead of what is true. */
  readonly lies?: {
    readonly size?: number;
    readonly crc?: number;
    readonly method?: number;
    readonly flags?: number;
  };
  readonly stored?: boolean;
  /** Index of an earlier member whose bytes this one shares. */
  readonly sameAs?: number;
}

const UTF8_NAME = 0x800;

/** The bytes of a zip archive of these members. */
export function zipOf(members: readonly ZipMember[]): Buffer {
  const pieces: Buffer[] = [];
  const places: number[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content = Buffer.alloc(0), lies = {}, stored = false, sameAs } of members) {
    const text = Buffer.isBuffer(name) ? name : Buffer.from(name);
    const data = stored ? Buffer.from(content) : deflateRawSync(content);
    const { size = content.length, crc = crc32(content), method = stored ? 0 : 8, flags = UTF8_NAME } = lies;
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(flags, 2);
    facts.writeUInt16LE(method, 4);
    facts.writeUInt32LE(crc, 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(size, 18);
    facts.writeUInt16LE(text.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04", "latin1"), facts, text, data]);
    const place = sameAs === undefined ? at : (places[sameAs] ?? 0);
    places.push(place);
    if (sameAs === undefined) {
      pieces.push(local);
      at += local.length;
    }
    const entry = Buffer.alloc(46);
    entry.write("PK\x01\x02", 0, "latin1");
    entry.writeUInt16LE(0x0314, 4);
    facts.copy(entry, 6);
    entry.writeUInt32LE(place, 42);
    directory.push(Buffer.concat([entry, text]));
  }
  const listed = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", 0, "latin1");
  end.writeUInt16LE(Math.min(members.length, 0xffff), 8);
  end.writeUInt16LE(Math.min(members.length, 0xffff), 10);
  end.writeUInt32LE(listed.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, listed, end]);
}
