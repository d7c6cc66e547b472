import { crc32 } from "node:zlib";

/**
 * The symcache file: what a `.sym` text says, as arrays that are searched where they lie. All numbers are
 * little-endian.
 *
 *   0  8 bytes  magic
 *   8  u32      version
 *  12  u32      bytes of an address, 4 or 8: 8 only when the module is larger than 4 GiB
 *  16  f64      length of the file
 *  24  u32      number of sections
 *  28  u32      CRC-32 of all other bytes
 *  32  sections, 24 bytes each: u32 id, u32 zero, f64 offset, f64 length in bytes
 *
 * Sections begin on multiples of 8 so that typed arrays can view them. A file that is newer, older, cut or damaged
 * is refused whole and built again from its text.
 */
export const MAGIC = Buffer.from("MDSYMC\r\n", "latin1");
export const VERSION = 1;
export const CHECKSUM_AT = 28;
export const HEADER_BYTES = 32;
export const SECTION_ENTRY_BYTES = 24;

/** The checksum that a symcache file with these bytes must have. */
export function checksum(file: Buffer): number {
  return crc32(file.subarray(HEADER_BYTES), crc32(file.subarray(0, CHECKSUM_AT)));
}

export const section = {
  /** JSON: {@link SymcacheInfo}. */
  info: 1,
  /** See StringPool. */
  strings: 2,

  // Functions, sorted by address, none overlapping.
  functionAddress: 10,
  functionSize: 11,
  functionParameterSize: 12,
  functionName: 13,
  /** Index of the function's first line; it ends where the next function's begin. One more entry than functions. */
  functionLines: 14,
  functionInlines: 15,

  // Lines of each function, sorted, none overlapping. Addresses are relative to the function.
  lineAddress: 20,
  lineSize: 21,
  lineNumber: 22,
  /** String reference of the file name, or NO_STRING. */
  lineFile: 23,

  // Inlined ranges of each function, sorted by depth, then address.
  inlineDepth: 30,
  inlineAddress: 31,
  inlineSize: 32,
  inlineCallLine: 33,
  inlineCallFile: 34,
  inlineName: 35,

  // Publics, sorted by address, then name.
  publicAddress: 40,
  publicParameterSize: 41,
  publicName: 42,

  // Call-frame rows: from its address up to the next row's, the frame is described by rule set N (0: by none).
  cfiAddress: 50,
  cfiRuleSet: 51,
  /** String reference of each rule set's text. */
  cfiRuleText: 52,
} as const;

/** What a symcache says of its module and of the text it was built from. */
export interface SymcacheInfo {
  readonly os: string;
  readonly cpu: string;
  readonly debugId: string;
  readonly debugFile: string;
  readonly codeId: string;
  readonly codeFile: string;
  /** Where the text was fetched from; empty for a local file. */
  readonly url: string;
  /** Lines of the text, and how many of them could not be read. */
  readonly lines: number;
  readonly badLines: number;
}
