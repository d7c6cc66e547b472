import { ByteReader, type OnRead, RecordingReader } from "./bytes/byte-reader.ts";
import type { ByteSource } from "./bytes/byte-source.ts";
import { type Location, readLocation } from "./bytes/location.ts";
import { fail, ok, type Result } from "./bytes/result.ts";
import { minidumpError } from "./minidump-error.ts";

const signature = 0x504d_444d;
const version = 0xa793;
const headerSize = 32;
const entrySize = 12;

/** Streams of one type that are looked at. */
const MOST_OF_A_TYPE = 8;

/** The file's header and directory: all that is needed to find a stream. */
export interface MinidumpFile {
  /** The whole file, in its byte order. */
  readonly reader: ByteReader;
  /** Seconds since 1970-01-01 UTC. */
  readonly timestamp: number;
  /** Stream type → where streams of it lie, in the order of the directory. */
  readonly streams: ReadonlyMap<number, readonly Location[]>;
}

/**
 * Reads MINIDUMP_HEADER and the stream directory (minidumpapiset.h). The byte order is the one in which the
 * signature reads right. Fails with MissingHeader, HeaderMismatch, VersionMismatch or MissingDirectory.
 * @param onRead is told what is read of the streams
 */
export function readDirectory(source: ByteSource, onRead?: OnRead): Result<MinidumpFile> {
  if (source.length < headerSize) return fail(minidumpError("MissingHeader", `${source.length} bytes`));
  const little = new ByteReader(source, "little");
  const reader = little.u32(0) === signature ? little : new ByteReader(source, "big");
  if (reader.u32(0) !== signature) return fail(minidumpError("HeaderMismatch", hex(little.u32(0))));
  const foundVersion = reader.u32(4) & 0xffff;
  if (foundVersion !== version) return fail(minidumpError("VersionMismatch", hex(foundVersion)));

  const count = reader.u32(8);
  const rva = reader.u32(12);
  const directory = reader.range(rva, count * entrySize);
  if (directory === undefined) {
    return fail(minidumpError("MissingDirectory", `${count} entries at ${rva} of ${source.length} bytes`));
  }
  const streams = new Map<number, Location[]>();
  for (let at = 0; at < directory.length; at += entrySize) {
    const type = directory.u32(at);
    const location = readLocation(directory, at + 4);
    const known = streams.get(type);
    if (known === undefined) streams.set(type, [location]);
    // Writers have been seen to list a stream twice, never more often: a hostile directory must not cost more.
    else if (known.length < MOST_OF_A_TYPE) known.push(location);
    else known[known.length - 1] = location;
  }
  const told = onRead && new RecordingReader(source, reader.byteOrder, onRead);
  return ok({ reader: told ?? reader, timestamp: reader.u32(20), streams });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
