import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatInstant, parseInstant } from "./instant.ts";

const rewritten = (text: string): string | undefined => {
  const instant = parseInstant(text);
  return instant === undefined ? undefined : formatInstant(instant);
};

describe("reading a moment", () => {
  it.each([
    ["2026-08-20", "2026-08-20T00:00:00.000000+00:00"],
    ["2026-08-20 23:59:59", "2026-08-20T23:59:59.000000+00:00"],
    ["2026-08-20T10:11", "2026-08-20T10:11:00.000000+00:00"],
    ["2026-08-20T10:11:12.5", "2026-08-20T10:11:12.500000+00:00"],
    ["2026-08-20T10:11:12.123456789Z", "2026-08-20T10:11:12.123456+00:00"],
    ["2026-08-20T00:11:12.123456+02:00", "2026-08-19T22:11:12.123456+00:00"],
    ["2026-08-20 10:11:12-0330", "2026-08-20T13:41:12.000000+00:00"],
    ["2026-08-20T10:11:12+05", "2026-08-20T05:11:12.000000+00:00"],
    ["2024-02-29", "2024-02-29T00:00:00.000000+00:00"],
    ["1969-12-31T23:59:59.999999Z", "1969-12-31T23:59:59.999999+00:00"],
  ])("understands %s", (text, expected) => {
    expect(rewritten(text)).toBe(expected);
  });

  it.each([
    "",
    "2026",
    "2026-8-20",
    "2026-02-29",
    "2026-13-01",
    "2026-00-01",
    "2026-08-00",
    "2026-08-20T24:00:00",
    "2026-08-20T10:60:00",
    "2026-08-20T10:00:60",
    "2026-08-20T10:00:00+24:00",
    "2026-08-20T10",
    "2026-08-20Z",
    "0999-12-31",
    "1000-01-01T00:00:00+01:00",
    "9999-12-31T23:30:00-01:00",
    "12026-08-20",
    "now",
    "２０２６-08-20",
  ])("does not take %o for one", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });
});

it("reads what it writes, and writes so that texts compare as moments do", () => {
  const instant = fc.bigInt({ min: parseInstant("1000-01-01")!, max: parseInstant("9999-12-31")! });
  fc.assert(
    fc.property(instant, instant, (a, b) => {
      expect(parseInstant(formatInstant(a))).toBe(a);
      expect(formatInstant(a) < formatInstant(b)).toBe(a < b);
    }),
  );
});
