import fc from "fast-check";
import { expect, it } from "vitest";
import { anId, crash, now } from "../conformance/open-index.ts";
import type { SearchDocument } from "../document.ts";
import type { FieldName, FieldValue } from "../fields.ts";
import type { Condition, QueryPlan } from "../query-plan.ts";
import { parseSuperSearch } from "../super-search.ts";
import { openDuckDbEngine } from "./index.ts";

/** What a plan finds, said as plainly as can be: the engine must find the same. */
function finds(plan: QueryPlan, document: SearchDocument): boolean {
  const date = String(document.fields.date);
  if (plan.from.inclusive ? date < plan.from.at : date <= plan.from.at) return false;
  if (plan.to.inclusive ? date > plan.to.at : date >= plan.to.at) return false;
  return plan.filters.every(({ field, anyOf, allOf, noneOf }) => {
    const holds = (condition: Condition) => meets(document.fields[field], condition);
    return (anyOf.length === 0 || anyOf.some(holds)) && allOf.every(holds) && !noneOf.some(holds);
  });
}

function meets(value: FieldValue | undefined, condition: Condition): boolean {
  if (value === undefined || condition.op === "missing")
    return value === undefined && condition.op === "missing";
  const number = Number(value);
  switch (condition.op) {
    case "equals":
      return value === condition.value;
    case "starts-with":
      return String(value).startsWith(condition.value);
    case ">":
      return number > condition.value;
    case ">=":
      return number >= condition.value;
    case "<":
      return number < condition.value;
    case "<=":
      return number <= condition.value;
  }
}

function counts(documents: readonly SearchDocument[], field: FieldName): Map<FieldValue, number> {
  const counted = new Map<FieldValue, number>();
  for (const { fields } of documents) {
    const value = fields[field];
    if (value !== undefined) counted.set(value, (counted.get(value) ?? 0) + 1);
  }
  return counted;
}

const ids = Array.from({ length: 12 }, () => anId());
const words = fc.constantFrom("a", "b", "64.0b", "64.0b1", "", "!a", "=a");
const dates = fc.constantFrom(
  "2026-08-01",
  "2026-08-10",
  "2026-08-17 00:00:00",
  "2026-08-19T10:00:00.000001",
);
const optional = { requiredKeys: ["uuid", "date_processed"] } as const;
const addition = fc.record(
  {
    uuid: fc.constantFrom(...ids),
    date_processed: dates,
    signature: words,
    version: words,
    uptime: fc.integer({ min: -3, max: 3 }),
  },
  { requiredKeys: [...optional.requiredKeys] },
);
const prefixed = (prefixes: readonly string[], rest: fc.Arbitrary<string>) =>
  fc.tuple(fc.constantFrom(...prefixes), rest).map((parts) => parts.join(""));
const text = fc.oneof(prefixed(["", "=", "!", "!="], words), fc.constantFrom("__null__", "!__null__"));
const whole = fc.integer({ min: -3, max: 3 }).map(String);
const parameter = fc.oneof(
  fc.tuple(fc.constantFrom("signature", "version"), text),
  fc.tuple(fc.constant("uptime"), prefixed(["", "!", "<", ">", "<=", "!>="], whole)),
  fc.tuple(fc.constant("date"), prefixed(["<", ">", "<=", ">="], dates)),
);

it("finds, counts and replaces as a plain model of the search language does", async () => {
  const batches = fc.array(fc.array(addition, { maxLength: 6 }), { maxLength: 4 });
  const queries = fc.array(fc.array(parameter, { maxLength: 4 }), { minLength: 1, maxLength: 5 });
  const property = fc.asyncProperty(batches, queries, async (additions, asked) => {
    const engine = await openDuckDbEngine({ path: ":memory:", memoryLimitMb: 256 });
    try {
      const model = new Map<string, SearchDocument>();
      for (const batch of additions) {
        const documents = batch.map(crash);
        await engine.add(documents);
        for (const document of documents) model.set(document.uuid, document);
      }
      for (const query of asked) {
        const plan = parseSuperSearch([...query, ["_facets", "version"], ["_columns", "uuid"]], { now });
        const expected = [...model.values()].filter((document) => finds(plan, document));
        const { hits, total, facets } = await engine.search(plan);
        expect(total).toBe(expected.length);
        expect(hits.map(({ uuid }) => uuid).sort()).toEqual(expected.map(({ uuid }) => uuid).sort());
        const terms = facets.version?.map(({ term, count }) => [term, count] as const);
        expect(new Map(terms)).toEqual(counts(expected, "version"));
      }
    } finally {
      await engine.close();
    }
  });
  await fc.assert(property, { numRuns: 40 });
}, 60_000);
