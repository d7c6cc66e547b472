import type { ByteReader } from "../bytes/byte-reader.ts";
import { streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";
import type { StreamContext } from "../bytes/stream-context.ts";

/** One mapping of the process, as a line of /proc/self/maps tells it. */
export interface MappedRegion {
  readonly start: bigint;
  /** Address behind the last byte. */
  readonly end: bigint;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly executable: boolean;
  /** Whether writes reach the file (`s`) or stay private (`p`). */
  readonly shared: boolean;
  /** Offset in the file, in bytes. */
  readonly offset: bigint;
  /** Path, or a name in brackets such as `[stack]`; undefined for anonymous memory. */
  readonly path: string | undefined;
}

/** /proc/self/maps. */
export interface LinuxMaps {
  readonly regions: readonly MappedRegion[];
  /** Lines of the file: the number of mappings, to hold against the system's limit on them. */
  readonly lineCount: number;
}

/** Address, permissions, offset, device, inode; what follows is the path, which may have blanks. */
const mapping = /^([0-9a-f]{1,16})-([0-9a-f]{1,16}) ([r-][w-][x-][ps]) ([0-9a-f]{1,16}) \S+ \d+(.*)$/;

/** Reads the LinuxMaps stream (proc_pid_maps(5)). Lines of another form are counted, and left out. */
export function readLinuxMaps(stream: ByteReader, context: StreamContext): Result<LinuxMaps> {
  const lines = streamText(stream)
    .split("\n")
    .filter((line) => line !== "");
  const regions: MappedRegion[] = [];
  for (const line of context.bounded("LinuxMaps", lines)) {
    const region = parseLine(line);
    if (region !== undefined) regions.push(region);
  }
  const left = lines.length - regions.length;
  if (left > 0) context.note(`LinuxMaps: ${left} of ${lines.length} lines cannot be read`);
  return ok({ regions, lineCount: lines.length });
}

function parseLine(line: string): MappedRegion | undefined {
  const match = mapping.exec(line);
  if (match === null) return undefined;
  const [, start = "", end = "", permissions = "", offset = "", path = ""] = match;
  return {
    start: fromHex(start),
    end: fromHex(end),
    readable: permissions[0] === "r",
    writable: permissions[1] === "w",
    executable: permissions[2] === "x",
    shared: permissions[3] === "s",
    offset: fromHex(offset),
    path: path.trim() || undefined,
  };
}

/** Digits that surely fit into a number without loss. */
const EXACT_DIGITS = 13;

/** There are thousands of numbers in a dump; most offsets are 0, and small ones are read several times as fast. */
function fromHex(digits: string): bigint {
  if (digits === "00000000") return 0n;
  return digits.length <= EXACT_DIGITS ? BigInt(Number.parseInt(digits, 16)) : BigInt(`0x${digits}`);
}
