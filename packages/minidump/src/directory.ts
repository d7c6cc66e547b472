import { ByteReader } from "./byte-reader.ts";
import { type Location, readLocation } from "./location.ts";
import { minidumpError } from "./minidump-error.ts";
import { fail, ok, type Result } from "./result.ts";

const signature = 0x504d_444d;
const version = 0xa793;
const headerSize = 32;
const entrySize = 12;

/** The file's header and directory: all that is needed to find a stream. */
export interface MinidumpFile {
  /** The whole file, in its byte order. */
  readonly reader: ByteReader;
  /** Seconds since 1970-01-01 UTC. */
  readonly timestamp: number;
  /** Stream type → where it lies. Where a type occurs twice the last one wins. */
  readonly streams: ReadonlyMap<number, Location>;
}

/**
 * Reads MINIDUMP_HEADER and the stream directory (minidumpapiset.h). The byte order is the one in which the
 * signature reads right. Fails with MissingHeader, HeaderMismatch, VersionMismatch or MissingDirectory.
 */
export function readDirectory(bytes: Uint8Array): Result<MinidumpFile> {
  if (bytes.length < headerSize) return fail(minidumpError("MissingHeader", `${bytes.length} bytes`));
  const little = new ByteReader(bytes, "little");
  const reader = little.u32(0) === signature ? little : new ByteReader(bytes, "big");
  if (reader.u32(0) !== signature) return fail(minidumpError("HeaderMismatch", hex(little.u32(0))));
  const foundVersion = reader.u32(4) & 0xffff;
  if (foundVersion !== version) return fail(minidumpError("VersionMismatch", hex(foundVersion)));

  const count = reader.u32(8);
  const rva = reader.u32(12);
  const directory = reader.range(rva, count * entrySize);
  if (directory === undefined) {
    return fail(minidumpError("MissingDirectory", `${count} entries at ${rva} of ${bytes.length} bytes`));
  }
  const streams = new Map<number, Location>();
  for (let at = 0; at < directory.length; at += entrySize) {
    streams.set(directory.u32(at), readLocation(directory, at + 4));
  }
  return ok({ reader, timestamp: reader.u32(20), streams });
}

function hex(value: number): string {
  return `0x${value.toString(16)}`;
}
