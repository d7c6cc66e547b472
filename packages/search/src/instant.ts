/** A moment: microseconds since 1970-01-01T00:00:00Z. A number would lose microseconds after the year 2255. */
export type Instant = bigint;

export const MICROSECONDS_PER_DAY = 86_400_000_000n;

const FORMAT =
  /^([1-9]\d{3})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?$/;

/**
 * Reads `YYYY-MM-DD` or an ISO 8601 date and time: `T` or a space between, seconds, fraction and offset optional.
 * Without an offset it is UTC; digits after the microseconds are cut. Undefined for anything else, days that the
 * calendar does not have included.
 */
export function parseInstant(text: string): Instant | undefined {
  const parts = FORMAT.exec(text.trim());
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
  if (hour! > 23 || minute! > 59 || second! > 59) return undefined;
  const time = new Date(Date.UTC(year!, month! - 1, day, hour, minute, second));
  if (time.getUTCMonth() !== month! - 1 || time.getUTCDate() !== day) return undefined;
  const offset = offsetMinutes(parts[8]);
  if (offset === undefined) return undefined;
  const fraction = BigInt((parts[7] ?? "").slice(0, 6).padEnd(6, "0"));
  const instant = BigInt(time.getTime() - offset * 60_000) * 1000n + fraction;
  return inRange(instant) ? instant : undefined;
}

function offsetMinutes(text: string | undefined): number | undefined {
  if (text === undefined || text === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 60 + minutes);
}

// An offset can carry a time out of the years that are written with four digits.
const first = BigInt(Date.UTC(1000, 0, 1)) * 1000n;
const end = BigInt(Date.UTC(10_000, 0, 1)) * 1000n;
export const inRange = (instant: Instant): boolean => instant >= first && instant < end;

/** `YYYY-MM-DDTHH:MM:SS.ffffff+00:00`: all texts have one length, so they compare as the moments do. */
export function formatInstant(instant: Instant): string {
  const micros = modulo(instant, 1_000_000n);
  const seconds = dateOf(instant - micros)
    .toISOString()
    .slice(0, 19);
  return `${seconds}.${String(micros).padStart(6, "0")}+00:00`;
}

export function instantOf(date: Date): Instant {
  return BigInt(date.getTime()) * 1000n;
}

/** As a `Date`: the millisecond the moment lies in. */
export function dateOf(instant: Instant): Date {
  return new Date(Number((instant - modulo(instant, 1000n)) / 1000n));
}

// `%` rounds towards 1970, which would put the last microsecond of 1969 into 1970.
const modulo = (value: bigint, divisor: bigint): bigint => ((value % divisor) + divisor) % divisor;
