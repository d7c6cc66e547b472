import { createHash } from "node:crypto";
import { parseExactJson } from "@mayday/crash";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { DOCUMENT_VERSION, type SearchDocument, searchDocument } from "./document.ts";
import { searchFields } from "./fields.ts";

const uuid = "2b0bd4ba-1c46-4a0e-9a3e-b3c4d0260820";

const document = (fields: Readonly<Record<string, unknown>> = {}): SearchDocument =>
  searchDocument({ uuid, date_processed: "2026-08-20T10:11:12.123456+00:00", ...fields });

it("takes the fields of the index from the processed crash, under the names of the search language", () => {
  const processed = {
    signature: "OOM | small",
    product: "Firefox",
    version: "130.0",
    build: "20260801000000",
    release_channel: "release",
    os_name: "Linux",
    os_version: "6.1",
    os_pretty_version: "Linux 6",
    cpu_arch: "amd64",
    process_type: "content",
    report_type: "crash",
    reason: "SIGSEGV",
    address: "0x0",
    crashing_thread: 0,
    uptime: 12,
    memory_report: "not for the index",
    memory_measures: { explicit: 5 },
  };
  expect(document(processed)).toEqual({
    uuid,
    week: "202633",
    version: DOCUMENT_VERSION,
    fields: {
      uuid,
      date: "2026-08-20T10:11:12.123456+00:00",
      signature: "OOM | small",
      product: "Firefox",
      version: "130.0",
      build_id: 20_260_801_000_000,
      release_channel: "release",
      platform: "Linux",
      platform_version: "6.1",
      platform_pretty_version: "Linux 6",
      cpu_arch: "amd64",
      process_type: "content",
      report_type: "crash",
      reason: "SIGSEGV",
      address: "0x0",
      crashing_thread: 0,
      uptime: 12,
      memory_explicit: 5,
    },
    weight: 1,
    repaired: [],
  });
});

it.each([
  [10, 10],
  [25, 4],
  [100, 1],
  [0, 1],
  ["10", 1],
  [undefined, 1],
])("counts for as many reports as %j percent kept stand for", (throttle_percent, weight) => {
  expect(document({ collector_metadata: { throttle_percent } }).weight).toBe(weight);
});

it("leaves out what the crash lacks or has as null, and keeps an empty string", () => {
  const { fields, repaired } = document({ signature: null, product: "" });
  expect(Object.keys(fields)).toEqual(["uuid", "date", "product"]);
  expect(repaired).toEqual([]);
});

describe("a value the index cannot keep", () => {
  it.each([[12], [true], [{ a: 1 }], [[1, "a"]]])(
    "becomes BAD DATA when it is no string (%j)",
    (signature) => {
      const { fields, repaired } = document({ signature });
      expect([fields.signature, repaired]).toEqual(["BAD DATA", ["signature"]]);
    },
  );

  it("is cut to 10,000 characters in a keyword field, within none of them", () => {
    expect(document({ address: "€".repeat(10_000) }).repaired).toEqual([]);
    const { fields, repaired } = document({ address: `a${"€".repeat(10_000)}` });
    expect(fields["address"]).toBe(`a${"€".repeat(9_999)}`);
    expect(repaired).toEqual(["address"]);
  });

  it("is left out of a keyword field when its characters take more bytes than an engine keeps, its list with it", () => {
    const long = "💥".repeat(10_000);
    expect(document({ address: long })).toMatchObject({ repaired: ["address"] });
    expect(document({ addons: ["a", long] }).fields).not.toHaveProperty("addons");
  });

  it("is cut to 32,766 bytes in a text field, within no character", () => {
    expect(document({ reason: "a".repeat(32_766) }).repaired).toEqual([]);
    const { fields, repaired } = document({ reason: `ab${"€".repeat(10_922)}` });
    expect(fields.reason).toBe(`ab${"€".repeat(10_921)}`);
    expect(repaired).toEqual(["reason"]);
  });

  it("has no half characters", () => {
    const { fields, repaired } = document({ signature: "a\ud800b" });
    expect([fields["signature"], repaired]).toEqual(["BAD DATA", ["signature"]]);
    expect(document({ address: "a\ud800b" }).fields["address"]).toBe("a\ufffdb");
  });

  it.each([
    ["crashing_thread", 2 ** 31],
    ["crashing_thread", -(2 ** 31) - 1],
    ["uptime", 2 ** 63],
    ["uptime", "9223372036854775808"],
    ["uptime", Number.NaN],
    ["uptime", Number.POSITIVE_INFINITY],
    ["uptime", "12s"],
    ["uptime", "1.5"],
    ["uptime", ""],
    ["uptime", "9".repeat(400)],
    ["uptime", true],
    ["uptime", [{}]],
    ["build", {}],
  ])("is left out of %s when it is %j", (name, value) => {
    const { fields, repaired } = document({ [name]: value });
    const field = name === "build" ? "build_id" : name;
    expect(fields).not.toHaveProperty(field);
    expect(repaired).toEqual([field]);
  });

  it("keeps whole numbers at the limits, and written as text", () => {
    const limits = { crashing_thread: -(2 ** 31), uptime: " 9_223372036854775807 ", build: "-0" };
    expect(document(limits)).toMatchObject({
      fields: { crashing_thread: -(2 ** 31), uptime: 9223372036854775807n, build_id: 0 },
      repaired: [],
    });
  });

  it("loses what is behind the point of a number", () => {
    expect(document({ uptime: 3.7 })).toMatchObject({ fields: { uptime: 3 }, repaired: ["uptime"] });
  });
});

describe("the date", () => {
  it("is that of the submission when the crash was never dated, else the day in its id", () => {
    const submitted = { date_processed: null, submitted_timestamp: "2026-08-19T10:00:00+00:00" };
    expect(document(submitted)).toMatchObject({
      fields: { date: "2026-08-19T10:00:00.000000+00:00" },
      repaired: ["date"],
    });
    expect(document({ date_processed: "yesterday" })).toMatchObject({
      week: "202633",
      fields: { date: "2026-08-20T00:00:00.000000+00:00" },
      repaired: ["date"],
    });
  });

  it("is 1970 when not even the id tells of a day", () => {
    const { week } = searchDocument({ uuid: `${uuid.slice(0, -6)}269999` });
    expect(week).toBe("197000");
  });
});

it.each([undefined, null, "", "no id", 12, uuid.toUpperCase()])("refuses a crash whose id is %j", (id) => {
  expect(() => document({ uuid: id })).toThrow(expect.objectContaining({ code: "CRASH_ID_INVALID" }));
});

it("makes a document of whatever is in the fields", () => {
  const processed = fc.record(Object.fromEntries(searchFields.map(({ path }) => [path[0]!, fc.anything()])), {
    requiredKeys: [],
  });
  fc.assert(
    fc.property(processed, (fields) => {
      const made = searchDocument({ ...fields, uuid });
      expect(made.week).toMatch(/^\d{6}$/);
      for (const value of Object.values(made.fields).flat())
        expect(["string", "number", "bigint", "boolean"]).toContain(typeof value);
    }),
  );
});

describe("a list", () => {
  it("is kept with two elements at least: one is a value, none is nothing", () => {
    expect(document({ addons: ["a", "b"] }).fields["addons"]).toEqual(["a", "b"]);
    expect(document({ addons: ["a"], signature: ["b"] }).fields).toMatchObject({
      addons: "a",
      signature: "b",
    });
    expect(document({ addons: [], signature: [] }).fields).not.toHaveProperty("addons");
    expect(document({ addons: ["a", 2] })).toMatchObject({
      fields: { addons: ["a", "BAD DATA"] },
      repaired: ["addons"],
    });
  });
});

it.each([
  [true, true],
  [1, true],
  ["1", true],
  ["true", true],
  ["True", false],
  ["yes", false],
  [2, false],
  [[true], false],
])("reads %j as the boolean %j", (value, expected) => {
  expect(document({ safe_mode: value }).fields["safe_mode"]).toBe(expected);
});

it("keeps numbers with the digits they came with", () => {
  const processed = parseExactJson('{"build": 9007199254740993, "uptime_ts": 1.10}') as Record<
    string,
    unknown
  >;
  expect(document(processed).fields).toMatchObject({ build_id: 9007199254740993n, uptime_ts: 1.1 });
});

it("has another version where its fields are others: count DOCUMENT_VERSION up, and tell the new sum here", () => {
  const told = searchFields
    .map(({ name, path, mapping, isList, isOfStacks }) =>
      JSON.stringify([name, path, mapping, isList, isOfStacks]),
    )
    .sort();
  const sum = createHash("sha256").update(told.join()).digest("hex").slice(0, 16);
  expect([DOCUMENT_VERSION, sum]).toEqual([1, "241fb5e3ec62a067"]);
});
