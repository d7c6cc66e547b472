import { type CrashId, newCrashId } from "@mayday/crash";
import { searchDocument, searchFields } from "@mayday/search";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { now, type OpenWebapp, openWebapp } from "../test-support/open-webapp.ts";

const SECRET = "zyzzyva";
const CRASHES = 40;
const protectedFields = searchFields.filter(({ permissions }) => permissions.length > 0);
const names = searchFields.map(({ name }) => name);

/** Two indices of the same crashes: what is protected is another thing in each, and absent from half of the second. */
let first: OpenWebapp;
let second: OpenWebapp;

beforeAll(async () => {
  first = await openWebapp();
  second = await openWebapp();
  for (const [open, salt] of [
    [first, 1],
    [second, 2],
  ] as const) {
    const crashes = Array.from({ length: CRASHES }, (_, i) => crashOf(idOf(i), i, salt));
    await open.engine.add(crashes.map(searchDocument));
  }
});
afterAll(() => Promise.all([first.close(), second.close()]));

const idOf = (i: number): CrashId =>
  newCrashId(`${i.toString(16).padStart(8, "0")}-0000-4000-8000-000000000000`, now, 0);

function crashOf(uuid: CrashId, i: number, salt: number): Record<string, unknown> {
  const crash: Record<string, unknown> = {
    uuid,
    date_processed: new Date(now.getTime() - i * 3_600_000).toISOString(),
    product: i % 2 === 0 ? "Firefox" : "Fenix",
    version: `1${i % 5}.0`,
    signature: `s${i % 7}`,
    uptime: i % 11,
    release_channel: ["release", "beta"][i % 2],
  };
  for (const { path, query } of protectedFields) {
    if (salt === 2 && i % 2 === 0) continue;
    const value =
      query === "integer"
        ? 777_000 + i * salt
        : query === "bool"
          ? salt === 1
          : `${SECRET} ${(i * salt) % 5}`;
    let at = crash;
    for (const part of path.slice(0, -1)) {
      at[part] ??= {};
      at = at[part] as Record<string, unknown>;
    }
    at[path.at(-1)!] = value;
  }
  return crash;
}

const field = fc.oneof(
  fc.constantFrom(...protectedFields.map(({ name }) => name)),
  fc.constantFrom(...names),
);
const counted = fc.oneof(
  field,
  field.map((name) => `_cardinality.${name}`),
  field.map((name) => `_histogram.${name}`),
);
const value = fc.constantFrom(
  "__null__",
  "!__null__",
  SECRET,
  `~${SECRET}`,
  `!~${SECRET}`,
  `^${SECRET}`,
  `@${SECRET}.*`,
  `=${SECRET} 1`,
  ">777005",
  "<=777005",
  "__true__",
  "!__true__",
);
const parameter: fc.Arbitrary<[string, string]> = fc.oneof(
  fc.tuple(field, value),
  fc.tuple(fc.constant("_facets"), counted),
  fc.tuple(
    field.map((name) => `_aggs.${name}`),
    counted,
  ),
  fc.tuple(
    fc.tuple(field, field).map(([a, b]) => `_aggs.${a}.${b}`),
    counted,
  ),
  fc.tuple(
    field.map((name) => `_histogram.${name}`),
    counted,
  ),
  fc.tuple(
    field.map((name) => `_histogram_interval.${name}`),
    fc.constant("2"),
  ),
  fc.tuple(
    fc.constant("_sort"),
    fc.tuple(fc.constantFrom("", "-"), field).map((pair) => pair.join("")),
  ),
  fc.tuple(fc.constant("_columns"), field),
  fc.tuple(fc.constantFrom("_weights", "_return_query"), fc.constant("1")),
);

describe("what is protected", () => {
  it("changes nothing that a viewer without the permission is shown: no hit, order, count or error", async () => {
    let good = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(parameter, { minLength: 1, maxLength: 6 }), async (params) => {
        const url = `/api/SuperSearch/?${new URLSearchParams(params)}`;
        const [one, other] = [await first.server.inject({ url }), await second.server.inject({ url })];
        expect(one.statusCode, url).toBe(other.statusCode);
        expect(one.body, url).toBe(other.body);
        if (!params.some(([name]) => name === "_return_query"))
          expect(one.body, url).not.toMatch(/"777\d{3}|777\d{3},/);
        const answered = JSON.stringify((one.json() as { hits?: unknown; facets?: unknown }).hits ?? "");
        expect(answered, url).not.toContain(SECRET);
        if (one.statusCode === 200) good++;
      }),
      { numRuns: 400 },
    );
    expect(good).toBeGreaterThan(100);
  }, 120_000);

  it("is shown to who may see it", async () => {
    const token = (await first.records.tokens.create({ permissions: ["view_pii"], owner: "me" })).text;
    const seen: string[] = [];
    for (const { name, mapping } of protectedFields) {
      const url = `/api/SuperSearch/?_columns=${name}&_facets=${name}`;
      const { body } = await first.server.inject({ url, headers: { "auth-token": token } });
      if (mapping !== "boolean" && (body.includes(SECRET) || body.includes("777"))) seen.push(name);
    }
    expect(seen.length).toBe(protectedFields.filter(({ mapping }) => mapping !== "boolean").length);
  }, 60_000);
});
