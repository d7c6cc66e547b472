import { ByteReader } from "../bytes/byte-reader.ts";
import { memorySource } from "../bytes/byte-source.ts";

/**
 * A GUID as 32 upper-case hex digits. Its first three parts (u32, u16, u16) are numbers, so they are read in
 * the dump's byte order; the last 8 bytes stay as they lie.
 */
export function guidText(guid: ByteReader): string {
  const numbers = hex(guid.u32(0), 8) + hex(guid.u16(4), 4) + hex(guid.u16(6), 4);
  return numbers + Buffer.from(guid.bytes(8, 16)).toString("hex").toUpperCase();
}

/** A debug id as Breakpad writes it: the GUID, then the age in lower-case hex without padding. */
export function debugIdText(guid: string, age: number): string {
  return guid + age.toString(16);
}

/** The debug id of an ELF file: the first 16 bytes of its build id (padded with zeros) as a GUID, age 0. */
export function buildIdAsDebugId(buildId: Uint8Array, byteOrder: "little" | "big"): string {
  const bytes = new Uint8Array(16);
  bytes.set(buildId.subarray(0, 16));
  return debugIdText(guidText(new ByteReader(memorySource(bytes), byteOrder)), 0);
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, "0");
}
