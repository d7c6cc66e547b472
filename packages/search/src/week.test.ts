import fc from "fast-check";
import { expect, it } from "vitest";
import { formatInstant, parseInstant } from "./instant.ts";
import { boundsOfWeek, weekOf } from "./week.ts";

const week = (text: string): string => weekOf(parseInstant(text)!);

// From C's strftime("%Y%W").
it.each([
  ["2017-12-31", "201752"],
  ["2018-01-01", "201801"],
  ["2020-02-29", "202008"],
  ["2023-12-31", "202352"],
  ["2024-01-01", "202401"],
  ["2024-12-29", "202452"],
  ["2024-12-30", "202453"],
  ["2024-12-31", "202453"],
  ["2025-01-01", "202500"],
  ["2025-01-05", "202500"],
  ["2025-01-06", "202501"],
  ["2026-01-04", "202600"],
  ["2026-01-05", "202601"],
  ["2026-12-31", "202652"],
  ["2027-01-03", "202700"],
  ["2027-01-04", "202701"],
  ["1969-12-31T23:59:59.999999", "196952"],
])("puts %s into week %s", (day, expected) => {
  expect(week(day)).toBe(expected);
});

it("begins a week at midnight UTC, whatever the offset a time is written with", () => {
  expect(week("2026-11-22T23:59:59.999999Z")).toBe("202646");
  expect(week("2026-11-23T00:00:00Z")).toBe("202647");
  expect(week("2026-11-23T00:30:00+01:00")).toBe("202646");
});

it("orders weeks as it orders moments", () => {
  const instant = fc.bigInt({ min: parseInstant("1000-01-01")!, max: parseInstant("9999-12-31")! });
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      const [earlier, later] = a < b ? [a, b] : [b, a];
      expect(weekOf(earlier) <= weekOf(later)).toBe(true);
      expect(weekOf(earlier)).toMatch(/^\d{4}([0-4]\d|5[0-3])$/);
    }),
  );
});

it("knows where a week begins and ends", () => {
  const instant = fc.bigInt({ min: parseInstant("1000-01-01")!, max: parseInstant("9998-12-31")! });
  fc.assert(
    fc.property(instant, (at) => {
      const { from, end } = boundsOfWeek(weekOf(at));
      expect(from <= at && at < end, formatInstant(at)).toBe(true);
      expect([weekOf(from), weekOf(end - 1n)]).toEqual([weekOf(at), weekOf(at)]);
      expect(weekOf(end)).not.toBe(weekOf(at));
      expect(weekOf(from - 1n)).not.toBe(weekOf(at));
    }),
  );
});
