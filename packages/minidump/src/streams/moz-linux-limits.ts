import type { ByteReader } from "../bytes/byte-reader.ts";
import { streamText } from "../bytes/key-value-text.ts";
import { ok, type Result } from "../bytes/result.ts";

/** A limit: a number in the limit's unit, no limit, or a value that could not be read. */
export type LimitValue = number | "unlimited" | "err";

/** A resource limit of the process, as a line of /proc/self/limits tells it. */
export interface ResourceLimit {
  /** As `Max open files`. */
  readonly name: string;
  readonly soft: LimitValue;
  readonly hard: LimitValue;
  /** As `bytes`; `n/a` when the limit has none. */
  readonly unit: string;
}

/**
 * Reads the MozLinuxLimits stream, a copy of /proc/self/limits. Its columns are padded with blanks: the name,
 * which has blanks of its own, ends at the first two of them.
 */
export function readMozLinuxLimits(stream: ByteReader): Result<ResourceLimit[]> {
  const limits: ResourceLimit[] = [];
  for (const line of streamText(stream).split("\n")) {
    const nameEnd = line.indexOf("  ");
    if (nameEnd <= 0) continue;
    const name = line.slice(0, nameEnd);
    if (name === "Limit") continue;
    const [soft, hard, unit] = line.slice(nameEnd).trim().split(/ +/);
    if (!soft || hard === undefined) continue;
    limits.push({ name, soft: limitValue(soft), hard: limitValue(hard), unit: unit ?? "n/a" });
  }
  return ok(limits);
}

function limitValue(text: string): LimitValue {
  if (text === "unlimited") return "unlimited";
  return /^\d+$/.test(text) ? Number(text) : "err";
}
