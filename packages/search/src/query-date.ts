import { type Instant, inRange, MICROSECONDS_PER_DAY } from "./instant.ts";
import { asciiDigits } from "./python-values.ts";

const DATE = /^(\d{4})-(\d{1,2})-(\d{1,2})$/;
const DAYS = [
  { form: /^(\d{4})-?(\d\d)-?(\d\d)$/, day: calendarDay },
  { form: /^(\d{4})-?(\d{3})$/, day: dayOfYear },
  { form: /^(\d{4})-?W(\d\d)(?:-?(\d))?$/, day: dayOfWeek },
] as const;
const TIME = /^(\d\d)(?:(:?)(\d\d)(?:\2(\d\d))?)?(?:[.,](\d+))?(Z|[+-]\d\d(?::?\d\d)?)?$/;
const DAY = MICROSECONDS_PER_DAY;

/**
 * A date as a query may have it: `YYYY-MM-DD` (`YYYY-M-D` too), or a date of ISO 8601, also by day of the year or by week,
 * and behind `T` or a blank a time of ISO 8601, with fraction and offset. Without an offset it is UTC; digits after the
 * microseconds are cut. Digits may be of any script. Undefined for anything else.
 */
export function parseQueryDate(text: string): Instant | undefined {
  const digits = asciiDigits(text);
  const plain = DATE.exec(digits);
  if (plain !== null) return checked(calendarDay(Number(plain[1]), Number(plain[2]), Number(plain[3])));
  const parts = /^([^T ]+)[T ](.+)$/s.exec(digits);
  if (parts === null) return undefined;
  const day = dayIn(parts[1]!);
  const time = timeIn(parts[2]!);
  return day === undefined || time === undefined ? undefined : checked(day + time);
}

const checked = (instant: Instant | undefined): Instant | undefined =>
  instant !== undefined && inRange(instant) ? instant : undefined;

function dayIn(text: string): Instant | undefined {
  for (const { form, day } of DAYS) {
    const parts = form.exec(text);
    if (parts !== null)
      return day(...(parts.slice(1).map((part) => Number(part ?? 1)) as [number, number, number]));
  }
  return undefined;
}

function calendarDay(year: number, month: number, day: number): Instant | undefined {
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  return BigInt(date.getTime()) * 1000n;
}

function dayOfYear(year: number, day: number): Instant | undefined {
  const first = calendarDay(year, 1, 1);
  const next = calendarDay(year + 1, 1, 1);
  if (first === undefined || next === undefined || day < 1) return undefined;
  const at = first + BigInt(day - 1) * DAY;
  return at < next ? at : undefined;
}

/** Week 1 holds January 4th; weeks begin on Monday. */
function dayOfWeek(year: number, week: number, day: number): Instant | undefined {
  const fourth = calendarDay(year, 1, 4);
  if (fourth === undefined || week < 1 || week > 53 || day < 1 || day > 7) return undefined;
  const weekday = (new Date(Number(fourth / 1000n)).getUTCDay() + 6) % 7;
  return fourth + BigInt((week - 1) * 7 + day - 1 - weekday) * DAY;
}

/** From midnight; the fraction is one of the smallest part that is there. */
function timeIn(text: string): Instant | undefined {
  const parts = TIME.exec(text);
  if (parts === null) return undefined;
  const [, hour, , minute, second, fraction = "", zone] = parts;
  const [hours, minutes, seconds] = [hour, minute, second].map((part) => Number(part ?? 0));
  if (hours! > 23 || minutes! > 59 || seconds! > 59) return undefined;
  const smallest = second !== undefined ? 1n : minute !== undefined ? 60n : 3600n;
  const micros = (BigInt(`${fraction.slice(0, 12)}`.padEnd(12, "0")) * smallest) / 1_000_000n;
  const offset = offsetIn(zone);
  if (offset === undefined) return undefined;
  return BigInt(hours! * 3600 + minutes! * 60 + seconds! - offset) * 1_000_000n + micros;
}

/** Seconds. */
function offsetIn(text: string | undefined): number | undefined {
  if (text === undefined || text === "Z") return 0;
  const hours = Number(text.slice(1, 3));
  const minutes = Number(text.slice(3).replace(":", ""));
  if (hours > 23 || minutes > 59) return undefined;
  return (text.startsWith("-") ? -1 : 1) * (hours * 3600 + minutes * 60);
}
