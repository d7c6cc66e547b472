import type { ByteReader } from "./byte-reader.ts";

/** MINIDUMP_LOCATION_DESCRIPTOR: where in the file something lies. */
export interface Location {
  /** Bytes. */
  readonly size: number;
  /** Offset from the start of the file. 0, where the header lies, means "nowhere", whatever the size says. */
  readonly rva: number;
}

/** Reads the 8 bytes of a location from `record`. */
export function readLocation(record: ByteReader, at: number): Location {
  return { size: record.u32(at), rva: record.u32(at + 4) };
}

/** What `location` points at; undefined when it points outside the file or nowhere. */
export function follow(file: ByteReader, location: Location): ByteReader | undefined {
  return location.rva === 0 ? undefined : file.range(location.rva, location.size);
}

/** As {@link follow}, but of what the file's end cuts off the part that is there counts, too. */
export function followCut(file: ByteReader, { size, rva }: Location): ByteReader | undefined {
  return rva === 0 ? undefined : file.range(rva, Math.min(size, Math.max(0, file.length - rva)));
}

/** As {@link followCut}, and what is there does not count as read. */
export function peekCut(file: ByteReader, { size, rva }: Location): ByteReader | undefined {
  return rva === 0 ? undefined : file.peek(rva, Math.min(size, Math.max(0, file.length - rva)));
}

/** Whether a location is empty or inside the file: what an entry of a list looks like. */
export function isInside(file: ByteReader, { size, rva }: Location): boolean {
  return size === 0 || rva + size <= file.length;
}
