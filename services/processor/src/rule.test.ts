import { MaydayError } from "@mayday/errors";
import { describe, expect, it } from "vitest";
import { givenOfPings, pingRules } from "./pings/process-pings.ts";
import { checkRules, type Rule, rule } from "./rule.ts";
import { rulesets } from "./rulesets.ts";

const odd = (part: object) =>
  ({ name: "OddRule", annotations: [], reads: [], writes: [], act: () => undefined, ...part }) as Rule;

describe("the check of rules at start", () => {
  it("finds nothing wrong with Socorro's fifty, in their order, and ours", () => {
    expect(rulesets.default).toHaveLength(51);
    expect(new Set(rulesets.default.map(({ name }) => name)).size).toBe(51);
    expect(() => checkRules(rulesets.default)).not.toThrow();
  });

  it.each([
    [{ annotations: ["Nope"] }, "OddRule names Nope, which no table has"],
    [{ writes: ["nope"] }, "OddRule names nope, which no table has"],
    [{ reads: ["signature"] }, "OddRule reads signature, which no rule before it writes"],
  ])("refuses %j", (part, why) => {
    expect(() => checkRules([odd(part)])).toThrow(new MaydayError("CONFIG_INVALID", why));
  });
});

it("a rule that writes or reads what it did not say does not compile", () => {
  rule({
    name: "Careless",
    annotations: ["Version"],
    writes: ["version"],
    act({ raw, processed }) {
      processed.version = String(raw.Version);
      // @ts-expect-error it is no annotation that the rule named
      String(raw.URL);
      // @ts-expect-error it is no field that the rule named
      processed.url = "x";
      // @ts-expect-error it is no value of the field's type
      processed.version = 5;
    },
  });
});

it("takes those of pings, whose stack no rule makes", () => {
  expect(() => checkRules(pingRules)).toThrow("json_dump");
  expect(() => checkRules(pingRules, givenOfPings)).not.toThrow();
});
