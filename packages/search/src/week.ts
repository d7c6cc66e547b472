import { type CrashId, collectionDay } from "@mayday/crash";
import { dateOf, type Instant, instantOf, MICROSECONDS_PER_DAY, parseInstant } from "./instant.ts";

/**
 * The week of a moment (UTC) as `YYYYWW`: C's `%Y%W`, which names Socorro's weekly indices. Weeks start on Monday
 * and are counted within the year, days before its first Monday are week 00: the week around new year is two keys.
 * The keys of two moments compare as the moments do.
 */
export function weekOf(instant: Instant): string {
  const date = dateOf(instant);
  const year = date.getUTCFullYear();
  const dayOfYear = Math.floor((date.getTime() - Date.UTC(year, 0, 1)) / 86_400_000);
  const daysSinceMonday = (date.getUTCDay() + 6) % 7;
  const week = Math.floor((dayOfYear + 7 - daysSinceMonday) / 7);
  return `${String(year).padStart(4, "0")}${String(week).padStart(2, "0")}`;
}

/** The moments of a week as `weekOf` names it: from the first one to `end`, which is not in it. */
export function boundsOfWeek(week: string): { readonly from: Instant; readonly end: Instant } {
  const year = Number(week.slice(0, 4));
  const number = Number(week.slice(4));
  const daysToMonday = (8 - new Date(Date.UTC(year, 0, 1)).getUTCDay()) % 7;
  const begin = (count: number): Instant =>
    instantOf(new Date(Date.UTC(year, 0, 1 + (count === 0 ? 0 : daysToMonday + 7 * (count - 1)))));
  const nextYear = instantOf(new Date(Date.UTC(year + 1, 0, 1)));
  const next = begin(number + 1);
  return { from: begin(number), end: next < nextYear ? next : nextYear };
}

/** The moment at which the day in a crash id begins. Undefined when the id tells of no day of the calendar. */
export function collectionInstant(id: CrashId): Instant | undefined {
  const day = collectionDay(id);
  return parseInstant(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`);
}

/** The weeks of all moments from one to the other, in order. */
export function weeksBetween(from: Instant, to: Instant): readonly string[] {
  if (to < from) return [];
  const weeks = new Set<string>();
  for (let at = from; at < to; at += MICROSECONDS_PER_DAY) weeks.add(weekOf(at));
  return [...weeks.add(weekOf(to))];
}
