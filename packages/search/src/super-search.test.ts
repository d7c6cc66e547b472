import { MaydayError } from "@mayday/crash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchFields } from "./fields.ts";
import type { QueryPlan } from "./query-plan.ts";
import { parseSuperSearch } from "./super-search.ts";

const now = new Date("2026-08-20T12:00:00.123Z");
const parse = (query: string): QueryPlan => parseSuperSearch(new URLSearchParams(query), { now });
const bounds = (query: string): string[] => {
  const { from, to } = parse(query);
  return [`${from.inclusive ? ">=" : ">"}${from.at}`, `${to.inclusive ? "<=" : "<"}${to.at}`];
};
const refusal = (query: string): string => {
  try {
    parse(query);
  } catch (error) {
    if (error instanceof MaydayError && error.code === "SEARCH_BAD_PARAMETER") return error.message;
    throw error;
  }
  throw new Error(`not refused: ${query}`);
};

it("asks for the signatures and the 100 newest crashes of the last seven days when nothing is said", () => {
  expect(parse("")).toEqual({
    from: { at: "2026-08-13T12:00:00.123000+00:00", inclusive: true },
    to: { at: "2026-08-20T12:00:00.123000+00:00", inclusive: true },
    filters: [],
    columns: ["uuid", "date", "signature", "product", "version"],
    sort: [],
    facets: ["signature"],
    facetsSize: 50,
    limit: 100,
    offset: 0,
  });
});

describe("filters", () => {
  it("are gathered by field, asked-for values, ranges and negations apart", () => {
    expect(
      parse("uptime=1&product=!Fenix&uptime=>=5&product=Firefox&product==Focus&uptime=!__null__").filters,
    ).toEqual([
      {
        field: "product",
        anyOf: [
          { op: "equals", value: "Firefox" },
          { op: "equals", value: "Focus" },
        ],
        allOf: [],
        noneOf: [{ op: "equals", value: "Fenix" }],
      },
      {
        field: "uptime",
        anyOf: [{ op: "equals", value: 1 }],
        allOf: [{ op: ">=", value: 5 }],
        noneOf: [{ op: "missing" }],
      },
    ]);
  });

  it("take only the first sign for an operator", () => {
    const values = (query: string) => parse(query).filters[0];
    expect(values("signature=!!a")?.noneOf).toEqual([{ op: "equals", value: "!a" }]);
    expect(values("signature===a")?.anyOf).toEqual([{ op: "equals", value: "=a" }]);
    expect(values("signature==~a")?.anyOf).toEqual([{ op: "equals", value: "~a" }]);
    expect(values("signature==__null__")?.anyOf).toEqual([{ op: "equals", value: "__null__" }]);
    expect(values("signature==")?.anyOf).toEqual([{ op: "equals", value: "" }]);
  });

  it("are ignored when they have no value", () => {
    expect(parse("product=&uptime=&date=&_nonsense=1&__proto__=1")).toEqual(parse(""));
  });

  it.each([
    "nonsense=1",
    "build=x",
    "_sort=-nonsense",
    "_facets=nonsense",
    "_columns=nonsense",
    "constructor=1",
  ])("refuse a name that is no field: %s", (query) => expect(refusal(query)).toContain("Unknown field"));

  it("take a version that ends in b for all betas of it", () => {
    const betas = { op: "starts-with", value: "64.0b" };
    expect(parse("version=64.0b").filters[0]?.anyOf).toEqual([betas]);
    expect(parse("version=!64.0b").filters[0]?.noneOf).toEqual([betas]);
    expect(parse("version==64.0b&version=64.0b1").filters[0]?.anyOf).toEqual([
      { op: "equals", value: "64.0b" },
      { op: "equals", value: "64.0b1" },
    ]);
    expect(parse("signature=b").filters[0]?.anyOf).toEqual([{ op: "equals", value: "b" }]);
  });

  it.each(["a", "1.5", "1e3", "0x10", ">", ">=a", "=", "!", "9007199254740992", "__true__"])(
    "refuse %s where a whole number is due",
    (value) => {
      const query = new URLSearchParams({ uptime: value }).toString();
      expect(refusal(query)).toContain("Bad value for parameter uptime: not a valid int");
    },
  );

  it.each(["signature=~a", "signature=^a", "signature=!$a", "reason=@a", "product=~a", "version=!^1"])(
    "refuse an operator that is not built yet (%s)",
    (query) => {
      const name = query.slice(0, query.indexOf("="));
      expect(refusal(query)).toMatch(
        new RegExp(`Bad value for parameter ${name}: the operator [~^$@] is not supported yet`),
      );
    },
  );

  it("refuse more values than a query can need", () => {
    const values = Array.from({ length: 1_001 }, (_, i) => ["product", `p${i}`] as const);
    expect(parseSuperSearch(values.slice(1), { now }).filters[0]?.anyOf).toHaveLength(1_000);
    expect(() => parseSuperSearch(values, { now })).toThrow(
      "Bad value for parameter product: a query has at most",
    );
  });
});

describe("the date", () => {
  const noon = "2026-08-20T12:00:00.123000+00:00";

  it("ends now when only its beginning is given, and begins seven days before its end", () => {
    expect(bounds("date=>2026-08-01")).toEqual([">2026-08-01T00:00:00.000000+00:00", `<=${noon}`]);
    expect(bounds("date=<2026-08-01 10:00")).toEqual([
      ">=2026-07-25T10:00:00.000000+00:00",
      "<2026-08-01T10:00:00.000000+00:00",
    ]);
  });

  it("has the narrowest of the bounds that are given", () => {
    const narrow = [">2026-08-02T00:00:00.000000+00:00", "<2026-08-05T00:00:00.000000+00:00"];
    const given = [
      ">=2026-08-01",
      ">2026-08-02",
      ">=2026-08-02",
      "<=2026-08-05",
      "<2026-08-05",
      "<2026-08-06",
    ];
    for (const values of [given, given.toReversed()]) {
      expect(bounds(values.map((value) => `date=${value}`).join("&"))).toEqual(narrow);
    }
  });

  it("spans 365 days at most", () => {
    expect(bounds("date=>=2025-08-20&date=<2026-08-20")).toHaveLength(2);
    const tooLong = "Bad value for parameter date: the range is longer than 365 days";
    expect(refusal("date=>=2025-08-20&date=<2026-08-20T00:00:00.000001")).toContain(tooLong);
    expect(refusal("date=>=2025-08-20")).toContain(tooLong);
  });

  it.each(["2026-08-01", "!>2026-08-01", "__null__", "=2026-08-01"])("needs an operator (%s)", (value) => {
    expect(refusal(`date=${value}`)).toContain(
      "Bad value for parameter date: a date needs one of the operators",
    );
  });

  it.each([">yesterday", "<=", ">2026-02-30", "<2026-08-01T25:00:00"])("must be one (%s)", (value) => {
    expect(refusal(`date=${value}`)).toContain("Bad value for parameter date: not a valid datetime");
  });
});

describe("columns, order and paging", () => {
  it("are as asked for, once each", () => {
    const query =
      "_columns=uuid&_columns=build_id&_columns=uuid&_sort=-date&_sort=product&_sort=date" +
      "&_results_number=0&_results_offset=123456789";
    expect(parse(query)).toMatchObject({
      columns: ["uuid", "build_id"],
      sort: [
        { field: "date", descending: true },
        { field: "product", descending: false },
      ],
      limit: 0,
      offset: 123_456_789,
    });
  });

  it("refuse a column that is no field", () => {
    expect(refusal("_columns=uuid&_columns=x")).toContain("Unknown field 'x'");
    expect(refusal("_columns=__proto__")).toContain("Unknown field '__proto__'");
  });

  it.each([
    ["_results_number", "1001", "must be from 0 to 1000"],
    ["_results_number", "-1", "must be from 0 to 1000"],
    ["_results_number", "all", "not a valid int"],
    ["_results_offset", "-1", "must be from 0 to"],
    ["_results_offset", "1e3", "not a valid int"],
    ["_facets_size", "10001", "must be from 0 to 10000"],
    ["_facets_size", "many", "not a valid int"],
  ])("refuse %s=%s", (name, value, why) => {
    expect(refusal(`${name}=${value}`)).toContain(`Bad value for parameter ${name}: ${why}`);
  });
});

describe("facets", () => {
  it("are of the fields that are named", () => {
    expect(parse("_facets=product&_facets=date&_facets=product&_facets_size=7")).toMatchObject({
      facets: ["product", "date"],
      facetsSize: 7,
    });
    expect(parse("_facets=").facets).toEqual(["signature"]);
  });

  it.each([
    ["_facets", "_cardinality.version"],
    ["_facets", "_histogram.date"],
    ["_aggs.product", "version"],
    ["_aggs.product.version", "platform"],
    ["_histogram.date", "product"],
    ["_histogram_interval.date", "1h"],
    ["_return_query", "true"],
  ])("refuse what is not built yet (%s=%s)", (name, value) => {
    const message = refusal(new URLSearchParams({ [name]: value }).toString());
    expect(message).toContain(`Bad value for parameter ${name}: `);
    expect(message).toContain("not supported yet");
  });
});

it("either makes a plan that JSON can carry or refuses a parameter, whatever it is given", () => {
  const names = [
    ...searchFields.map(({ name }) => name),
    ..."_columns _sort _facets _facets_size _results_number _results_offset _return_query _aggs.x _histogram.date".split(
      " ",
    ),
  ];
  const name = fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...names) }, fc.string({ unit: "binary" }));
  const prefix = fc.constantFrom("", "", "!", "=", "!=", ">", ">=", "<", "<=", "~", "^", "$", "@", "-");
  const rest = fc.oneof(
    fc.constantFrom("", "__null__", "uuid", "date", "signature", "2026-08-19", "64.0b", "_cardinality.x"),
    fc.integer().map(String),
    fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    fc.string({ unit: "binary" }),
  );
  const value = fc.tuple(prefix, rest).map(([before, after]) => before + after);
  let plans = 0;
  fc.assert(
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), (params) => {
      try {
        const plan = parseSuperSearch(params, { now });
        plans += 1;
        expect(JSON.parse(JSON.stringify(plan))).toEqual(plan);
      } catch (error) {
        if (!(error instanceof MaydayError)) throw error;
        expect(error.code).toBe("SEARCH_BAD_PARAMETER");
      }
    }),
    { numRuns: 1_000 },
  );
  expect(plans).toBeGreaterThan(50);
});
