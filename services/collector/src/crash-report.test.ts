import { describe, expect, it } from "vitest";
import { readCrashReport } from "./crash-report.ts";

interface TestPart {
  name?: string;
  fileName?: string;
  type?: string;
  headers?: string[];
  content: string;
}

function report(...parts: TestPart[]) {
  const text = parts.map(({ name, fileName, type, headers = [], content }) => {
    const disposition = ["form-data", ...(name === undefined ? [] : [`name="${name}"`])];
    if (fileName !== undefined) disposition.push(`filename="${fileName}"`);
    const all = [`Content-Disposition: ${disposition.join("; ")}`, ...headers];
    if (type !== undefined) all.push(`Content-Type: ${type}`);
    return `--b1\r\n${all.join("\r\n")}\r\n\r\n${content}\r\n`;
  });
  return readCrashReport(Buffer.from(`${text.join("")}--b1--`, "latin1"), "b1");
}

const json = (value: unknown): TestPart => ({
  name: "extra",
  fileName: "extra.json",
  type: "application/json",
  content: typeof value === "string" ? value : JSON.stringify(value),
});
const dump = (name: string, content = "MDMP"): TestPart => ({
  name,
  fileName: "x.dmp",
  type: "application/octet-stream",
  content,
});
const refused = (code: string) => expect.objectContaining({ code });

describe("readCrashReport", () => {
  it("reads annotations from key and value parts, and dumps", () => {
    const { annotations, dumps, payload, notes } = report(
      { name: "ProductName", content: "Firefox" },
      { name: "Version", type: "text/plain; charset=utf-8", content: "1.0" },
      dump("upload_file_minidump"),
    );
    expect({ ...annotations }).toEqual({ ProductName: "Firefox", Version: "1.0" });
    expect(dumps.get("upload_file_minidump")?.toString()).toBe("MDMP");
    expect({ payload, notes }).toEqual({ payload: "multipart", notes: [] });
  });

  it("reads annotations from a JSON part, with values of any kind", () => {
    const { annotations, payload } = report(json({ ProductName: "Firefox", Odd: [1, null] }));
    expect({ ...annotations }).toEqual({ ProductName: "Firefox", Odd: [1, null] });
    expect(payload).toBe("json");
  });

  it("lets JSON replace what came before it and be added to by what comes behind, and says so", () => {
    const { annotations, notes } = report({ name: "Before", content: "1" }, json({ Inside: "2" }), {
      name: "Behind",
      content: "3",
    });
    expect({ ...annotations }).toEqual({ Inside: "2", Behind: "3" });
    expect(notes).toEqual(["includes annotations in both json-encoded extra and formdata parts"]);
  });

  it("passes over a part without a name", () => {
    expect({ ...report({ content: "x" }, { name: "a", content: "b" }).annotations }).toEqual({ a: "b" });
  });

  it("notes a dump of an unknown type, as Firefox sends them, and keeps it", () => {
    const { dumps, notes } = report(
      { name: "a", content: "b" },
      {
        ...dump("upload_file_minidump"),
        type: "application/vnd.tcpdump.pcap",
      },
    );
    expect(dumps.size).toBe(1);
    expect(notes).toEqual(["unknown content type: upload_file_minidump application/vnd.tcpdump.pcap"]);
  });

  it("drops an annotation that is not text of its charset, notes it, and keeps the report", () => {
    const { annotations, notes } = report(
      { name: "Bad", content: "\xff\xfe" },
      { name: "Odd", type: "text/plain; charset=klingon", content: "x" },
      { name: "Latin", type: "text/plain; charset=latin1", content: "\xe9" },
    );
    expect({ ...annotations }).toEqual({ Latin: "é" });
    expect(notes).toEqual([
      "dropped annotation Bad: not utf-8 text",
      "dropped annotation Odd: not klingon text",
    ]);
  });

  it("keeps dumps whose names become alike apart, and knows the main dump's other names", () => {
    const { dumps } = report(
      { name: "a", content: "b" },
      dump("dump", "1"),
      dump("upload_file_minidump", "2"),
      dump("me/mo"),
      dump("memo"),
    );
    expect([...dumps.keys()]).toEqual(["upload_file_minidump", "upload_file_minidump_2", "memo", "memo_2"]);
    expect(dumps.get("upload_file_minidump")?.toString()).toBe("1");
  });

  it("takes `__proto__` for an annotation like any other", () => {
    const { annotations } = report(json('{"__proto__": "x"}'), { name: "__proto__", content: "y" });
    expect(Object.entries(annotations)).toEqual([["__proto__", "y"]]);
    expect(({} as Record<string, unknown>)["x"]).toBeUndefined();
  });

  it("takes 210 annotations", () => {
    const parts = Array.from({ length: 210 }, (_, i) => ({ name: `Key${i}`, content: "x" }));
    expect(Object.keys(report(...parts).annotations)).toHaveLength(210);
  });

  it.each([
    ["JSON with a raw control character", json('{"a": "\u0001"}'), "MALFORMED_INVALID_JSON"],
    ["JSON that is not UTF-8", json('{"a": "\xff"}'), "MALFORMED_INVALID_JSON"],
    ["JSON that is no object", json('"badvalue"'), "MALFORMED_INVALID_JSON_VALUE"],
    ["JSON that is a list", json("[]"), "MALFORMED_INVALID_JSON_VALUE"],
    ["JSON that is null", json("null"), "MALFORMED_INVALID_JSON_VALUE"],
    [
      "JSON without a floor",
      json(`{"a": ${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
      "MALFORMED_INVALID_JSON_VALUE",
    ],
    [
      "a reserved dump name, also for a store that ignores case",
      dump("Processed_Crash"),
      "MALFORMED_INVALID_DUMP_NAME",
    ],
    ["a reserved dump name", dump("raw_crash"), "MALFORMED_INVALID_DUMP_NAME"],
    ["a dump alone", dump("upload_file_minidump"), "MALFORMED_NO_ANNOTATIONS"],
    [
      "an encoded part",
      { name: "a", headers: ["Content-Transfer-Encoding: base64"], content: "eA==" },
      "MALFORMED_INVALID_PAYLOAD_STRUCTURE",
    ],
  ])("refuses %s", (_what, part, code) => {
    expect(() => report(part)).toThrow(refused(code));
  });

  it("refuses more dumps than anybody sends", () => {
    const dumps = Array.from({ length: 33 }, (_, i) => dump(`d${i}`));
    expect(() => report({ name: "a", content: "b" }, ...dumps)).toThrow(
      refused("MALFORMED_INVALID_PAYLOAD_STRUCTURE"),
    );
  });

  it("refuses more annotations than any report has, and drops those with endless names", () => {
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, number) => [`a${number}`, "x"]));
    expect(() => report(json(many))).toThrow(refused("MALFORMED_INVALID_PAYLOAD_STRUCTURE"));
    const { annotations, notes } = report(json({ ProductName: "Teapot", ["n".repeat(257)]: "x" }));
    expect({ ...annotations }).toEqual({ ProductName: "Teapot" });
    expect(notes).toEqual([`dropped annotation ${"n".repeat(40)}…: its name is too long`]);
  });
});
