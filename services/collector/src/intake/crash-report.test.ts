import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { BOUNDARY, dump, extra, formOf, type TestPart } from "../test-support/forms.ts";
import { readCrashReport } from "./crash-report.ts";

const report = (...parts: readonly TestPart[]) =>
  readCrashReport(formOf(...parts), BOUNDARY, { maxBytes: 1e6, onBytes: () => undefined });
const a: TestPart = { name: "a", content: "b" };
const refused = (code: string) => expect.objectContaining({ code });
/** The report's files as text, by the names they are kept under. */
const filesOf = ({ dumps }: { dumps: ReadonlyMap<string, Buffer> }) =>
  Object.fromEntries([...dumps].map(([name, bytes]) => [name, bytes.toString("latin1")]));

describe("annotations", () => {
  it("are key and value parts", async () => {
    const { annotations, dumps, payload, notes } = await report(
      { name: "ProductName", content: "Firefox" },
      { name: "Version", type: "text/plain; charset=utf-8", content: "1.0" },
      dump("upload_file_minidump"),
    );
    expect({ ...annotations }).toEqual({ ProductName: "Firefox", Version: "1.0" });
    expect(dumps.get("upload_file_minidump")?.toString()).toBe("MDMP");
    expect({ payload, notes }).toEqual({ payload: "multipart", notes: [] });
  });

  it("are a JSON part, with values of any kind", async () => {
    const { annotations, payload } = await report(extra({ ProductName: "Firefox", Odd: [1, null] }));
    expect({ ...annotations }).toEqual({ ProductName: "Firefox", Odd: [1, null] });
    expect(payload).toBe("json");
  });

  it("keep the digits of numbers as they came", async () => {
    const text = '{"Id":1161888007138312193,"Ratio":1.10,"Name":"x"}';
    expect(JSON.stringify((await report(extra(text))).annotations)).toBe(text);
  });

  it.each<[string, TestPart]>([
    [
      "a type in other case and with parameters",
      { ...extra({ P: "1" }), type: "Application/JSON; charset=utf-8" },
    ],
    ["no type", { name: "extra", content: '{"P":"1"}' }],
    ["the type of any file", { ...extra({ P: "1" }), type: "application/octet-stream" }],
    ["no file name", { name: "extra", type: "application/json", content: '{"P":"1"}' }],
    ["a byte order mark", extra('\xef\xbb\xbf{"P":"1"}')],
  ])("are the extra part with %s", async (_what, part) => {
    expect({ ...(await report(part)).annotations }).toEqual({ P: "1" });
  });

  it("that came before JSON stay, JSON wins over them, and those behind it win over JSON", async () => {
    const { annotations, notes } = await report(
      { name: "Before", content: "1" },
      { name: "Both", content: "1" },
      extra({ Inside: "2", Both: "2", Later: "2" }),
      { name: "Later", content: "3" },
    );
    expect({ ...annotations }).toEqual({
      Before: "1",
      Inside: "2",
      Both: "2",
      Both_earlier1: "1",
      Later: "3",
      Later_earlier1: "2",
    });
    expect(notes).toEqual([
      "kept an earlier value of Both as Both_earlier1",
      "kept an earlier value of Later as Later_earlier1",
      "includes annotations in both json-encoded extra and formdata parts",
    ]);
  });

  it("of one name are all kept, and lists are lists", async () => {
    const fields = ["1", "2", "2", "3"].map((content) => ({ name: "Tag", content }));
    const list = ["x", "y", "z"].map((content) => ({ name: "tags[]", content }));
    const { annotations } = await report(...fields, ...list);
    expect({ ...annotations }).toEqual({
      Tag: "3",
      Tag_earlier1: "1",
      Tag_earlier2: "2",
      "tags[]": ["x", "y", "z"],
    });
  });

  it.each<[string, TestPart, string]>([
    ['filename=""', { name: "a", fileName: "", content: "x" }, "x"],
    ["an empty type", { name: "a", headers: ["Content-Type:"], content: "x" }, "x"],
    ["TEXT/PLAIN", { name: "a", type: "TEXT/PLAIN", content: "x" }, "x"],
    ["7bit", { name: "a", headers: ["Content-Transfer-Encoding: 7bit"], content: "x" }, "x"],
    ["8bit", { name: "a", headers: ["content-transfer-encoding: 8BIT"], content: "x" }, "x"],
    ["base64", { name: "a", headers: ["Content-Transfer-Encoding: base64"], content: "eH\r\nk=" }, "xy"],
    [
      "quoted-printable",
      { name: "a", headers: ["Content-Transfer-Encoding: quoted-printable"], content: "=C3=A4=\r\nb" },
      "äb",
    ],
    ["a charset", { name: "a", type: "text/plain; charset=latin1", content: "\xe9" }, "é"],
    ["another charset", { name: "a", type: 'text/plain; charset="UTF-16LE"', content: "x\0" }, "x"],
    ["NULs behind", { name: "a", content: "a long value\0" }, "a long value\0"],
  ])("are fields with %s", async (_what, part, text) => {
    expect({ ...(await report(part)).annotations }).toEqual({ a: text });
  });

  it("that are no text of their charset are kept with replacement characters and a note", async () => {
    const { annotations, notes } = await report(
      { name: "Bad", content: "K\xfchlung" },
      { name: "Odd", type: "text/plain; charset=klingon", content: "x" },
      { name: "Log", content: `${"line\n".repeat(600)}\xff` },
    );
    expect({ ...annotations }).toEqual({
      Bad: "K\ufffdhlung",
      Odd: "x",
      Log: `${"line\n".repeat(600)}\ufffd`,
    });
    expect(notes).toEqual([
      "kept Bad with replacement characters: it is not utf-8",
      "kept Odd with replacement characters: it is not klingon",
      "kept Log with replacement characters: it is not utf-8",
    ]);
  });

  it("are of the charset that the field _charset_ names", async () => {
    const { annotations } = await report(
      { name: "_charset_", content: "windows-1252" },
      { name: "a", content: "\x80" },
    );
    expect(annotations["a"]).toBe("€");
  });

  it("may be called `__proto__` like any other", async () => {
    const { annotations } = await report(extra('{"__proto__": "y"}'), { name: "__proto__", content: "y" });
    expect(Object.entries(annotations)).toEqual([["__proto__", "y"]]);
    expect(({} as Record<string, unknown>)["y"]).toBeUndefined();
  });

  it("may be 210", async () => {
    const parts = Array.from({ length: 210 }, (_, i) => ({ name: `Key${i}`, content: "x" }));
    expect(Object.keys((await report(...parts)).annotations)).toHaveLength(210);
  });

  it("with endless names are dropped with a note", async () => {
    const { annotations, notes } = await report(extra({ ProductName: "Teapot", ["n".repeat(257)]: "x" }));
    expect({ ...annotations }).toEqual({ ProductName: "Teapot" });
    expect(notes).toEqual([`dropped annotation ${"n".repeat(40)}…: its name is too long`]);
  });
});

describe("the minidump", () => {
  it.each<[string, TestPart]>([
    ["neither file name nor type", { name: "upload_file_minidump", content: "MDMP\x00\xff" }],
    ["the type of text", { name: "upload_file_minidump", type: "text/plain", content: "MDMP\x00\xff" }],
    ["a type of JSON", { name: "upload_file_minidump", type: "application/json", content: "MDMP{}" }],
    ['filename=""', { name: "upload_file_minidump", fileName: "", content: "MDMP" }],
    [
      "filename* alone",
      { headers: ["Content-Disposition: form-data; name=x"], content: "MDMP", name: "upload_file_minidump" },
    ],
    ["the name dump", dump("dump")],
    ["another name", dump("crash.dmp")],
    ["no name", { fileName: "x.dmp", content: "MDMP" }],
    ["no headers", { content: "MDMP" }],
    [
      "base64",
      { ...dump("upload_file_minidump", "TURNUA=="), headers: ["Content-Transfer-Encoding: BASE64"] },
    ],
  ])("is found with %s", async (_what, part) => {
    const { dumps, attachments } = await report(a, part);
    expect(dumps.get("upload_file_minidump")?.toString("latin1", 0, 4)).toBe("MDMP");
    expect([dumps.size, attachments]).toEqual([1, {}]);
  });

  it.each<[string, Buffer]>([
    ["gzip", gzipSync("MDMP and more")],
    ["zstd", zstdCompressSync(Buffer.from("MDMP and more"))],
    ["gzip twice", gzipSync(gzipSync("MDMP and more"))],
  ])("is found in %s", async (_what, content) => {
    for (const name of ["upload_file_minidump", "crash"]) {
      const found = await report(a, dump(name, content));
      expect(filesOf(found)).toEqual({ upload_file_minidump: "MDMP and more" });
      expect(found.notes.join()).toContain("decompressed");
    }
  });

  it("is found in a multipart body inside its part, with the annotations there", async () => {
    const inner = formOf(
      { name: "prod", content: "Electron" },
      { name: "a", content: "inner" },
      dump("upload_file_minidump"),
    );
    const content = Buffer.from(inner.toString("latin1").replaceAll("--b1", "--inner"), "latin1");
    const found = await report(a, dump("upload_file_minidump", content));
    expect(filesOf(found)).toEqual({ upload_file_minidump: "MDMP" });
    expect({ ...found.annotations }).toEqual({ a: "b", prod: "Electron", a_earlier1: "inner" });
    expect(found.notes[0]).toBe("took the parts of the multipart body in upload_file_minidump");
  });

  it.each<[string, Uint8Array | string, string]>([
    ["a zip", "PK\x03\x04....", "a zip archive"],
    ["damaged gzip", gzipSync("MDMP").subarray(0, 12), "damaged, or too large"],
    ["too much gzip", gzipSync(Buffer.alloc(2_000_000)), "damaged, or too large"],
    ["gzip of something else", gzipSync("no dump"), "gzip"],
    ["a text", "no dump today", "text"],
    ["nothing", "", "empty"],
    [
      "half a form",
      "--x\r\nContent-Disposition: form-data; name=a\r\n\r\nb",
      "multipart body that cannot be read",
    ],
  ])("that is %s is kept as it came, with a note that says so", async (_what, content, word) => {
    const { dumps, attachments, notes } = await report(a, dump("upload_file_minidump", content));
    expect(dumps.get("upload_file_minidump")).toEqual(
      typeof content === "string" ? Buffer.from(content, "latin1") : Buffer.from(content),
    );
    expect(attachments).toEqual({});
    expect(notes.join()).toContain(word);
  });

  it("is the one that is a minidump when two have its name", async () => {
    const found = await report(
      a,
      dump("upload_file_minidump", "broken"),
      dump("upload_file_minidump", "MDMP2"),
    );
    expect(filesOf(found)).toEqual({ upload_file_minidump: "MDMP2", upload_file_minidump_2: "broken" });
  });

  it("is not replaced by that of another process", async () => {
    const found = await report(
      a,
      dump("upload_file_minidump", ""),
      dump("upload_file_minidump_browser", "MDMPb"),
    );
    expect(filesOf(found)).toEqual({ upload_file_minidump: "", upload_file_minidump_browser: "MDMPb" });
    expect(found.attachments).toEqual({});
  });
});

describe("attachments", () => {
  it("keep their own names and types", async () => {
    const { attachments } = await report(
      a,
      dump("upload_file_minidump"),
      { name: "app.log", fileName: "app log.txt", type: "text/plain", content: "started\n" },
      { name: "upload_file_minidump_screen.png", fileName: "screen.png", content: "\x89PNG" },
    );
    expect(attachments).toEqual({
      applog: { part: "app.log", filename: "app log.txt", content_type: "text/plain" },
      upload_file_minidump_screenpng: {
        part: "upload_file_minidump_screen.png",
        filename: "screen.png",
        content_type: "application/octet-stream",
      },
    });
  });

  it.each<[string, TestPart]>([
    [
      "a JSON object",
      { name: "settings", fileName: "settings.json", type: "application/json", content: '{"a":"not this"}' },
    ],
    ["a JSON list", { name: "log", type: "application/json", content: "[1]" }],
    ["broken JSON", { name: "log", fileName: "log.json", type: "application/json", content: '{"a"' }],
    ["lines of JSON", { name: "log", type: "application/jsonl", content: '{"a":1}\n' }],
    ["a JSON sequence", { name: "log", type: "application/json-seq", content: '\x1e{"a":1}\n' }],
    ["a text of another type", { name: "log", type: "text/plain-log", content: "x" }],
    ["bytes without any type", { name: "log", content: "\x00\x01\x02\x03" }],
    ["bytes that are no text", { name: "log", content: "\xff\xfe\x00\x01\x80\x00" }],
  ])("that are %s cost nothing", async (_what, part) => {
    const { annotations, attachments, dumps } = await report(a, part, dump("upload_file_minidump"));
    expect({ ...annotations }).toEqual({ a: "b" });
    expect(Object.values(attachments)).toMatchObject([{ part: part.name }]);
    expect(dumps.size).toBe(2);
  });

  it("of one name are all kept", async () => {
    const logs = ["1", "2", "3"].map((content) => ({ name: "me/mo", fileName: "memo", content }));
    const found = await report(a, ...logs, { name: "memo", fileName: "memo", content: "4" });
    expect(filesOf(found)).toEqual({ memo: "1", memo_2: "2", memo_3: "3", memo_4: "4" });
    expect(Object.keys(found.attachments)).toHaveLength(4);
  });

  it("that are called as the store calls its own are kept under another name", async () => {
    const found = await report(
      a,
      ...["raw_crash", "Processed_Crash", "dump", ""].map((name) => ({ name, fileName: "f", content: "x" })),
    );
    expect(Object.keys(filesOf(found))).toEqual([
      "file_raw_crash",
      "file_Processed_Crash",
      "attachment",
      "attachment_2",
    ]);
  });

  it("that are gzip and hold no minidump stay gzip", async () => {
    const content = gzipSync('{"reports":[]}');
    const found = await report(a, {
      name: "memory_report",
      fileName: "m",
      type: "application/gzip",
      content,
    });
    expect(found.dumps.get("memory_report")).toEqual(content);
  });

  it("of sentry-native are kept beside its dump", async () => {
    const { annotations, attachments, dumps } = await report(
      { name: "sentry[release]", content: "teapot@1.4.0" },
      { name: "sentry", content: '{"release":"teapot@1.4.0"}' },
      {
        name: "__sentry-event",
        fileName: "__sentry-event",
        type: "application/octet-stream",
        content: "\x85\xa8",
      },
      { name: "__sentry-breadcrumb1", fileName: "__sentry-breadcrumb1", content: "\x81" },
      dump("upload_file_minidump"),
    );
    expect(annotations["sentry"]).toBe('{"release":"teapot@1.4.0"}');
    expect(Object.values(attachments).map(({ part }) => part)).toEqual([
      "__sentry-event",
      "__sentry-breadcrumb1",
    ]);
    expect(dumps.get("upload_file_minidump")?.toString()).toBe("MDMP");
  });

  it("beyond 64 are dropped with a note, and dumps never are", async () => {
    const logs = Array.from({ length: 70 }, (_, i) => ({ name: `log${i}`, fileName: "l", content: "x" }));
    const { dumps, notes } = await report(a, ...logs, dump("upload_file_minidump"));
    expect([dumps.size, dumps.has("upload_file_minidump")]).toEqual([64, true]);
    expect(notes).toContain("dropped 7 attachments: a report may have 64 files");
  });

  it("of types that Antenna does not know have its note", async () => {
    const { notes } = await report(a, {
      ...dump("upload_file_minidump"),
      type: "application/vnd.tcpdump.pcap",
    });
    expect(notes).toEqual(["unknown content type: upload_file_minidump application/vnd.tcpdump.pcap"]);
  });
});

describe("a report is refused for", () => {
  it.each<[string, TestPart, string]>([
    ["JSON with a raw control character", extra('{"a": "\u0001"}'), "MALFORMED_INVALID_JSON"],
    ["annotations that are no object", extra('"badvalue"'), "MALFORMED_INVALID_JSON_VALUE"],
    ["annotations that are a list", extra("[]"), "MALFORMED_INVALID_JSON_VALUE"],
    ["annotations that are null", extra("null"), "MALFORMED_INVALID_JSON_VALUE"],
    [
      "JSON without a floor",
      extra(`{"a": ${"[".repeat(50_000)}${"]".repeat(50_000)}}`),
      "MALFORMED_INVALID_JSON_VALUE",
    ],
    ["a dump alone", dump("upload_file_minidump"), "MALFORMED_NO_ANNOTATIONS"],
    [
      "an encoding that nobody knows",
      { name: "a", headers: ["Content-Transfer-Encoding: x-uuencode"], content: "x" },
      "MALFORMED_INVALID_PAYLOAD_STRUCTURE",
    ],
    [
      "base64 that is none",
      { name: "a", headers: ["Content-Transfer-Encoding: base64"], content: "a!" },
      "MALFORMED_INVALID_PAYLOAD_STRUCTURE",
    ],
  ])("%s", async (_what, part, code) => {
    await expect(report(part)).rejects.toThrow(refused(code));
  });

  it("more dumps, or annotations, than anybody sends", async () => {
    const dumps = Array.from({ length: 33 }, (_, i) => dump(`d${i}`));
    await expect(report(a, ...dumps)).rejects.toThrow(refused("MALFORMED_INVALID_PAYLOAD_STRUCTURE"));
    const many = Object.fromEntries(Array.from({ length: 5001 }, (_, number) => [`a${number}`, "x"]));
    await expect(report(extra(many))).rejects.toThrow(refused("MALFORMED_INVALID_PAYLOAD_STRUCTURE"));
  });
});
