import { MaydayError } from "@mayday/errors";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchFields } from "./fields.ts";
import type { Filter, QueryPlan } from "./query-plan.ts";
import type { SearchOptions } from "./search-options.ts";
import { parseSuperSearch } from "./super-search.ts";

const now = new Date("2026-08-20T12:00:00.123Z");
const parse = (query: string, options: Partial<SearchOptions> = {}): QueryPlan =>
  parseSuperSearch(new URLSearchParams(query), { now, ...options });
/** The filters besides the date's two. */
const filters = (query: string, options: Partial<SearchOptions> = {}): readonly Filter[] => {
  const { filter } = parse(query, options);
  return filter.op === "all" ? filter.of.slice(2) : [];
};
const bounds = (query: string, options: Partial<SearchOptions> = {}): unknown[] => {
  const { filter } = parse(query, options);
  return filter.op === "all"
    ? filter.of.slice(0, 2).map((of) => ("value" in of ? of.op + of.value : of))
    : [];
};
const refusal = (query: string, options: Partial<SearchOptions> = {}): string => {
  try {
    parse(query, options);
  } catch (error) {
    if (error instanceof MaydayError && error.code === "SEARCH_BAD_PARAMETER") return error.message;
    throw error;
  }
  throw new Error(`not refused: ${query}`);
};

it("asks for the signatures and the 100 newest crashes of the last seven days when nothing is said", () => {
  expect(parse("")).toEqual({
    weeks: ["202632", "202633"],
    filter: {
      op: "all",
      of: [
        { op: ">=", field: "date", value: "2026-08-13T12:00:00.123000+00:00" },
        { op: "<=", field: "date", value: "2026-08-20T12:00:00.123000+00:00" },
      ],
    },
    columns: ["uuid", "date", "signature", "product", "version"],
    sort: [],
    aggregations: [{ kind: "terms", field: "signature", within: [] }],
    facetsSize: 50,
    facetsOffset: 0,
    limit: 100,
    offset: 0,
    isWeighted: false,
    timeUnit: "microsecond",
  });
});

const equals = (field: string, value: string | number | boolean): Filter => ({ op: "equals", field, value });
const words = (field: string, ...of: string[]): Filter => ({ op: "words", field, words: of });

describe("filters", () => {
  it("hold for any of the values, with ranges as one of them, and for none of the negated", () => {
    expect(filters("uptime=1&product=!Fenix&uptime=>=5&uptime=<9&product=Firefox&uptime=!__null__")).toEqual([
      { op: "all", of: [words("product", "firefox"), { op: "not", of: words("product", "fenix") }] },
      {
        op: "all",
        of: [
          {
            op: "any",
            of: [
              {
                op: "all",
                of: [
                  { op: ">=", field: "uptime", value: 5 },
                  { op: "<", field: "uptime", value: 9 },
                ],
              },
              equals("uptime", 1),
            ],
          },
          { op: "not", of: { op: "missing", field: "uptime" } },
        ],
      },
    ]);
  });

  it("are joined by OR in parity, however they are negated, but for ranges and bare values", () => {
    expect(filters("signature=!=a&signature=!=b", { parity: true })).toEqual([
      {
        op: "any",
        of: [
          { op: "not", of: equals("signature", "a") },
          { op: "not", of: equals("signature", "b") },
        ],
      },
    ]);
    expect(filters("uptime=!1&uptime=!2&uptime=>5", { parity: true })).toEqual([
      {
        op: "any",
        of: [
          { op: ">", field: "uptime", value: 5 },
          { op: "not", of: { op: "any", of: [equals("uptime", 1), equals("uptime", 2)] } },
        ],
      },
    ]);
  });

  it("take the operators that the field's kind has, and the rest as it stands", () => {
    const one = (query: string) => filters(query)[0];
    expect(one("signature==a")).toEqual(equals("signature", "a"));
    expect(one("signature==")).toEqual(equals("signature", ""));
    expect(one("signature=~a*")).toEqual({ op: "like", field: "signature", pattern: "*a**" });
    expect(one("signature=^a")).toEqual({ op: "like", field: "signature", pattern: "a*" });
    expect(one("signature=$a")).toEqual({ op: "like", field: "signature", pattern: "*a" });
    expect(one("signature=@a.*")).toEqual({ op: "matches", field: "signature", expression: "a.*" });
    expect(one("signature=Foo::Bar")).toEqual(words("signature", "foo", "bar"));
    expect(one("signature=>a")).toEqual(words("signature", "a"));
    expect(one("modules_in_stack=XUL;b")).toEqual(words("modules_in_stack", "xul", "b"));
    expect(one("release_channel==beta")).toEqual(equals("release_channel", "beta"));
    expect(filters("release_channel==beta", { parity: true })).toEqual([equals("release_channel", "=beta")]);
    expect(one("address=!!a")).toEqual({ op: "not", of: equals("address", "!a") });
    expect(one("safe_mode=__true__")).toEqual(equals("safe_mode", true));
    expect(one("safe_mode=yes")).toEqual(equals("safe_mode", true));
    expect(one("safe_mode=banana")).toEqual(equals("safe_mode", false));
    expect(one("uptime_ts=<.5")).toEqual({ op: "<", field: "uptime_ts", value: 0.5 });
    expect(one("memory_explicit=9223372036854775807")).toMatchObject({ value: 9223372036854775807n });
    expect(one("signature=")).toEqual(words("signature"));
    expect(one("address=")).toEqual(equals("address", ""));
  });

  it.each([
    "nonsense=1",
    "build=x",
    "_sort=-nonsense",
    "_facets=nonsense",
    "_columns=nonsense",
    "_aggs.nonsense=product",
    "_aggs.product=nonsense",
    "_histogram.nonsense=product",
    "constructor=1",
  ])("refuse a name that is no field: %s", (query) => expect(refusal(query)).toContain("Unknown field"));

  it("leave names that are no field out in parity, as Crash Stats does", () => {
    const query = "nonsense=1&_sort=nope&_facets=nope&_aggs.nope=product&_histogram.nope=product";
    expect(parse(query, { parity: true })).toEqual(parse("", { parity: true }));
    expect(refusal("_facets=nope", { parity: true, isStrict: true })).toContain("Unknown field 'nope'");
  });

  it("take a version that ends in b for all betas of it", () => {
    expect(filters("version=64.0b")).toEqual([{ op: "like", field: "version", pattern: "64.0b*" }]);
    expect(filters("version=64.0")).toEqual([equals("version", "64.0")]);
  });

  it("know the products there are", () => {
    const products = new Set(["Firefox"]);
    expect(filters("product=Firefox&product=!Firefox&product=__null__", { products })).toHaveLength(1);
    const message = "Bad value for parameter(s) 'Not valid products: Nope'";
    expect(refusal("product=Firefox&product=Nope", { products })).toContain(message);
    expect(refusal("product=!Firefox", { products, parity: true })).toContain("Not valid products: !Firefox");
  });

  it.each([
    ["uptime", "a", "not a valid int"],
    ["uptime", "1.5", "not a valid int"],
    ["uptime", ">", "not a valid int"],
    ["uptime", "", "not a valid int"],
    ["uptime", "9223372036854775808", "is not from -9223372036854775808 to 9223372036854775807"],
    ["crashing_thread", ">=2147483648", "is not from -2147483648 to 2147483647"],
    ["uptime_ts", "abc", "not a valid float"],
    ["uptime_ts", "inf", "is not a finite number"],
    ["signature", "@a[b", "not a valid regular expression"],
    ["signature", `@${"a".repeat(1001)}`, "at most 1000 characters"],
    ["signature", "@((a{1,100}){1,100}){1,100}", "too complex"],
  ])("refuse %s=%s", (name, value, why) => {
    expect(refusal(String(new URLSearchParams({ [name]: value })))).toContain(
      `Bad value for parameter ${name}: ${why.startsWith("at most") ? "a regular expression has " : why.startsWith("too") ? "the regular expression is " : ""}${why}`,
    );
  });

  it("refuse more values than a query can need", () => {
    const values = Array.from({ length: 1_001 }, (_, i) => ["product", `p${i}`] as const);
    expect(() => parseSuperSearch(values.slice(1), { now })).not.toThrow();
    expect(() => parseSuperSearch(values, { now })).toThrow("a query has at most");
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

  it("has the narrowest of the bounds that are given, and the opposite of a negated one", () => {
    const narrow = [">2026-08-02T00:00:00.000000+00:00", "<2026-08-05T00:00:00.000000+00:00"];
    const given = [
      ">=2026-08-01",
      ">2026-08-02",
      "!<=2026-08-02",
      ">=2026-08-02",
      "<=2026-08-05",
      "<2026-08-05",
      "!__null__",
    ];
    for (const values of [given, given.toReversed()]) {
      expect(bounds(values.map((value) => `date=${value}`).join("&"))).toEqual(narrow);
    }
  });

  it("loses its fraction in parity, and the whole second is meant", () => {
    expect(bounds("date=>2026-08-02T00:00:00.5&date=<=2026-08-05T10:00:00.5", { parity: true })).toEqual([
      ">=2026-08-02T00:00:01.000000+00:00",
      "<2026-08-05T10:00:01.000000+00:00",
    ]);
  });

  it("names the weeks that may be kept, each of the range; in parity as Crash Stats steps to them", () => {
    const boundary = "date=>=2026-08-09T23:00&date=<2026-08-10T10:00";
    expect(parse(boundary).weeks).toEqual(["202631", "202632"]);
    expect(parse(boundary, { parity: true }).weeks).toEqual(["202631"]);
    const old = "date=>=2025-12-01&date=<2025-12-05";
    expect(parse(old).weeks).toEqual([]);
    expect(parse(old, { parity: true }).weeks).toBeUndefined();
    expect(parse("date=>2026-01-01").weeks?.[0]).toBe("202607");
  });

  it("spans 365 days at most", () => {
    expect(bounds("date=>=2025-08-20&date=<2026-08-20")).toHaveLength(2);
    const tooLong = "Date range is bigger than 365 days";
    expect(refusal("date=>=2025-08-20&date=<2026-08-20T00:00:00.000001")).toContain(tooLong);
    expect(refusal("date=>=2025-08-20")).toContain(tooLong);
  });

  it.each(["2026-08-01", "!2026-08-01"])("needs an operator (%s)", (value) => {
    expect(refusal(`date=${value}`)).toContain("date must have a prefix operator");
  });

  it.each([">yesterday", "<=", ">2026-02-30", "<2026-08-01T25:00:00", "=2026-08-01", "__null__"])(
    "must be one (%s)",
    (value) => {
      expect(refusal(`date=${value}`)).toContain("Bad value for parameter date: not a valid datetime");
    },
  );
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
    expect(refusal("_columns=")).toContain("_columns");
  });

  it("take the last of several numbers, written as a form takes them", () => {
    expect(parse("_results_number=x&_results_number= 7.0 &_facets_size=٣")).toMatchObject({
      limit: 7,
      facetsSize: 3,
    });
  });

  it.each([
    ["_results_number", "1001", "_results_number cannot be greater than 1,000"],
    ["_results_number", "-1", "Bad value for parameter _results_number: must not be below 0"],
    ["_results_number", "all", "_results_number: Enter a whole number."],
    ["_results_offset", "-1", "Bad value for parameter _results_offset: must not be below 0"],
    ["_results_offset", "1e3", "_results_offset: Enter a whole number."],
    ["_facets_size", "10001", "_facets_size greater than 10,000"],
    ["_facets_size", "many", "_facets_size: Enter a whole number."],
  ])("refuse %s=%s", (name, value, why) => expect(refusal(`${name}=${value}`)).toContain(why));

  it("go no further than 10,000 in parity", () => {
    expect(refusal("_results_offset=9901", { parity: true })).toContain("cannot be greater than 10,000");
  });
});

describe("facets", () => {
  const terms = (field: string, ...within: unknown[]) => ({ kind: "terms", field, within });

  it("are of what is named, and hold what is asked for within", () => {
    const query =
      "_facets=product&_facets=_cardinality.version&_aggs.product=version&_aggs.product.version=platform" +
      "&_histogram.date=product&_histogram_interval.date=1h&_facets=_histogram.uptime&_histogram_interval.uptime=10&_facets_size=7";
    expect(parse(query)).toMatchObject({
      facetsSize: 7,
      aggregations: [
        terms("product", terms("version", terms("platform"))),
        { kind: "cardinality", field: "version" },
        { kind: "numbers", field: "uptime", interval: 10, within: [] },
        { kind: "dates", field: "date", interval: "hour", within: [terms("product")] },
      ],
    });
    expect(parse("_facets=").aggregations).toEqual([terms("signature")]);
    expect(parse("_facets=product&_facets_size=0").aggregations).toEqual([]);
  });

  it("take each other's place in parity", () => {
    const query =
      "_facets=product&_aggs.product=version&_aggs.product.version=platform&_aggs.version.product=platform";
    expect(parse(query, { parity: true }).aggregations).toEqual([terms("product", terms("version"))]);
  });

  it.each([
    ["_histogram_interval.date", "fortnight", "Bad value for parameter(s) '_histogram_interval.date'"],
    ["_histogram_interval.uptime", "0", "an interval must be above 0"],
    ["_histogram_interval.uptime", "1.5", "Enter a whole number."],
    ["_histogram_interval.uptime_ts", "x", "Enter a number."],
  ])("refuse an interval that is none (%s=%s)", (name, value, why) => {
    const field = name.split(".")[1];
    expect(refusal(`${name}=${value}&_histogram.${field}=product`)).toContain(why);
  });

  it("refuse a histogram of what has no numbers, too many facets and too deep ones", () => {
    expect(refusal("_histogram.product=version")).toContain("the field has no numbers and no dates");
    expect(refusal("_aggs.product.version.platform.reason.signature=uuid")).toContain("at most 4 fields");
    const many = searchFields
      .flatMap(({ name }) => [`_facets=${name}`, `_facets=_cardinality.${name}`])
      .join("&");
    expect(refusal(many)).toContain("at most 200 facets");
  });
});

it("either makes a plan or refuses a parameter, whatever it is given", () => {
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
    fc.property(fc.array(fc.tuple(name, value), { maxLength: 6 }), fc.boolean(), (params, parity) => {
      try {
        const plan = parseSuperSearch(params, { now, parity });
        plans += 1;
        expect(plan.columns.length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof MaydayError)) throw error;
        expect(error.code).toBe("SEARCH_BAD_PARAMETER");
      }
    }),
    { numRuns: 1_000 },
  );
  expect(plans).toBeGreaterThan(50);
});
