/**
 * The symcache file; docs/symcache.md describes it byte by byte, with the reason for each choice. All numbers are
 * little-endian.
 *
 *   head    8 bytes magic, u32 version, u32 zero
 *   blocks  each its content, then the CRC-32 of it
 *   index   what is in memory while the file is open: see {@link SymcacheIndex}
 *   foot    f64 offset of the index, u32 length of the index, u32 CRC-32 of it, f64 length of the file, 8 bytes magic
 */
export const MAGIC = Buffer.from("MDSYMC\r\n", "latin1");
export const VERSION = 3;
export const HEAD_BYTES = 16;
export const FOOT_BYTES = 32;
export const CHECKSUM_BYTES = 4;

/** References to places in the file are 32-bit numbers. */
export const MAX_FILE_BYTES = 0xffff_ffff;

/** The tables of a file, in the order of the index. Each is a run of blocks. */
export const TABLES = [
  /** Key: module offset. Record: size and what {@link FunctionEncoder} writes. String: the function's name. */
  "functions",
  /** Key: module offset. Record: f64 end, varint parameter size. String: the name. */
  "publics",
  /** Key: module offset. Not records, but rows: see {@link CfiRowWriter}. */
  "cfiRows",
  /** Key: number of the rule set. Record: its byte code. No string. */
  "ruleSets",
  /** STACK WIN 4. Key: module offset. Record: size and frame sizes. String: the program. */
  "frameData",
  /** STACK WIN 0. Key: module offset. Record: size, frame sizes, u8 whether ebp is allocated. No string. */
  "fpo",
  /** Key: number of the file. No record. String: its name. */
  "files",
  /** Key: number of the inlined function. No record. String: its name. */
  "origins",
  /**
   * Functions that overlap those of the first table and are no answer there. Key: module offset. Record: u8 whether it
   * stands behind the one it overlaps in the text, then as in the first table. String: its name.
   */
  "overlapping",
  /** Where several publics stand at one address, the first of the text. Key: module offset. No record. String: its name. */
  "firstPublics",
] as const;

export type TableName = (typeof TABLES)[number];

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
  /** The first of those. */
  readonly badSamples: readonly string[];
  /** Bytes of the text. */
  readonly textBytes: number;
}
