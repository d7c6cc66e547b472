import type { ByteReader } from "./byte-reader.ts";

/** MINIDUMP_LOCATION_DESCRIPTOR: where in the file something lies. */
export interface Location {
  /** Bytes. */
  readonly size: number;
  /** Offset from the start of the file. */
  readonly rva: number;
}

/** Reads the 8 bytes of a location from `record`. */
export function readLocation(record: ByteReader, at: number): Location {
  return { size: record.u32(at), rva: record.u32(at + 4) };
}

/** What `location` points at; undefined when it points outside the file. */
export function follow(file: ByteReader, location: Location): ByteReader | undefined {
  return file.range(location.rva, location.size);
}
