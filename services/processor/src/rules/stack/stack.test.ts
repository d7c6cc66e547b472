import { describe, expect, it } from "vitest";
import { jsonDump, run, walked } from "../../test-support/process.ts";

describe("walking the dumps", () => {
  it("keeps no output of a walker that ended badly, and says how it ended", async () => {
    const { processed, notes } = await run({}, { returnCode: -6, log: "x\n", jsonDump });
    expect(processed).toMatchObject({
      json_dump: {},
      mdsw_return_code: -6,
      mdsw_status_string: "unknown error",
      mdsw_stderr: "x\n",
    });
    expect(notes).toContain("MinidumpStackwalkRule: minidump-stackwalk: timeout (SIGABRT)");
  });

  it("takes the status from the log where that tells of an error, and keeps the log's end", async () => {
    const log = `ERROR Bad - x\n${"line\n".repeat(20)}`;
    const { processed } = await run({}, { returnCode: 1, log });
    expect(processed.mdsw_status_string).toBe("Bad");
    expect(processed.mdsw_stderr).toBe(`...\n${"line\n".repeat(9)}`);
    expect(processed.signature).toBe("EMPTY: no frame data available; Bad");
  });

  it("does not walk a dump without bytes", async () => {
    const dumps = new Map([["upload_file_minidump", new Uint8Array(0)]]);
    const { processed } = await run({}, new Error("walked"), { dumps });
    expect(processed.mdsw_status_string).toBe("EmptyMinidump");
    expect(processed).not.toHaveProperty("json_dump");
  });

  it("walks some dumps beside the main one, and says how many it does not", async () => {
    const names = Array.from({ length: 15 }, (_, i) => `upload_file_minidump_${i}`);
    const { processed, notes } = await run({}, undefined, { dumps: ["upload_file_minidump", ...names] });
    expect(processed.additional_minidumps).toHaveLength(10);
    expect(processed).toHaveProperty("upload_file_minidump_9");
    expect(processed).not.toHaveProperty("upload_file_minidump_10");
    expect(notes).toContain("MinidumpStackwalkRule: 5 dumps are not walked");
  });
});

describe("the crashing thread", () => {
  const info = async (crash_info: object, more: object = {}) =>
    (await walked({ crash_info, ...more })).processed;

  it.each([
    [{ address: "0x20", adjusted_address: { kind: "null-pointer", offset: "0x20" } }, "0x00000000"],
    [{ address: "0x0000000000000020", adjusted_address: { kind: "null-pointer" } }, "0x0000000000000000"],
    [{ adjusted_address: { kind: "null-pointer" } }, "0x00000000"],
    [{ address: "0x1", adjusted_address: { kind: "non-canonical", address: "0xe5" } }, "0xe5"],
    [{ address: "0x1", adjusted_address: { kind: "other", address: "0xe5" } }, "0x1"],
    [{ address: null }, null],
  ])("touched, by %j, %j", async (crash, address) => {
    expect((await info(crash)).address).toBe(address);
  });

  it("tells a reason that is missing from one that is not known", async () => {
    expect((await info({})).reason).toBe("");
    expect((await info({ type: null })).reason).toBeNull();
  });

  it("is named as its own copy is, and has a last error only where there is one", async () => {
    const thread = { thread_name: "Main", last_error_value: "ERROR_SUCCESS" };
    expect(await info({ crashing_thread: 99 }, { crashing_thread: thread })).toMatchObject({
      crashing_thread: 99,
      crashing_thread_name: "Main",
      last_error_value: "ERROR_SUCCESS",
    });
    expect(await info({}, { crashing_thread: { last_error_value: 5 } })).not.toHaveProperty(
      "last_error_value",
    );
  });

  it("of a shutdown that hangs is the main thread", async () => {
    const threads = [{ frames: [{ function: "hung" }] }, { frames: [{ function: "mozilla::RunWatchdog" }] }];
    const processed = await info({ crashing_thread: 1 }, { threads });
    expect(processed).toMatchObject({ signature: "shutdownhang | hung", crashing_thread: 0 });
  });

  it("is not known where the dump's parts are not what they should be, and nothing fails", async () => {
    for (const json of [
      { crash_info: null },
      { crash_info: [], threads: {}, modules: null },
      { modules: [null, 5], threads: [null] },
    ]) {
      const { processed, failures } = await walked({ ...json, crashing_thread: 7 });
      expect(failures).toEqual([]);
      expect(processed.crashing_thread).toBeNull();
    }
  });
});

it("stacks of all dumps lose their middle, and the notes say how much", async () => {
  const frames = Array.from({ length: 2000 }, (_, frame) => ({ frame, function: `f${frame}` }));
  const json = { crash_info: { crashing_thread: 0 }, threads: [{ frames }], crashing_thread: { frames } };
  const { processed, notes } = await run(
    {},
    { jsonDump: json },
    { dumps: ["upload_file_minidump", "upload_file_minidump_browser"] },
  );
  for (const { json_dump } of [processed, processed.upload_file_minidump_browser!]) {
    for (const thread of [json_dump!.threads![0]!, json_dump!.crashing_thread!]) {
      expect(thread.frames).toHaveLength(500);
      expect(thread.frames![250]).toEqual({ truncated: { msg: "1,501 frames truncated" } });
      expect(thread.truncated).toBe(true);
    }
  }
  expect(notes).toContain("TruncateStacksRule: truncated json_dump.crashing_thread.frames: 2000 -> 500");
  expect(notes).toContain(
    "TruncateStacksRule: truncated upload_file_minidump_browser.json_dump.threads[0].frames: 2000 > 500",
  );
});

describe("what a stack says in short", () => {
  const modules = [
    { filename: "libstdc++.so.6", debug_id: "AB-1", missing_symbols: true },
    { filename: "b/d.so", debug_id: null, version: "1/2", code_id: "c0de", missing_symbols: true },
    { filename: "z", debug_id: "F0", missing_symbols: "yes" },
  ];
  const frames = [
    { module: "b/d.so", inlines: [{ file: null }, { file: "inline.cpp" }], file: "outer.cpp" },
    { module: "libstdc++.so.6" },
  ];
  const json = { crash_info: { crashing_thread: 0 }, threads: [{ frames }], modules };

  it("is the first file, that of inlined calls first", async () => {
    expect((await walked(json)).processed.topmost_filenames).toBe("inline.cpp");
  });

  it("are the modules on it, in names that can be listed", async () => {
    expect((await walked(json)).processed.modules_in_stack).toBe("bd.so/;libstdc.so.6/AB1");
  });

  it("are the modules without symbols", async () => {
    expect((await walked(json)).processed.missing_symbols).toBe(
      `bd.so/1\\/2/${"0".repeat(33)}/c0de;libstdc.so.6/None/AB1`,
    );
  });

  it("is absent where there is nothing to say", async () => {
    const { processed } = await walked({ threads: [{ frames: [] }], crash_info: { crashing_thread: 0 } });
    for (const field of ["topmost_filenames", "modules_in_stack", "missing_symbols", "proto_signature"])
      expect(processed).not.toHaveProperty(field);
    expect(processed.thread_count).toBeNull();
  });
});

it("addresses of symbols are shown without what is nobody's business", async () => {
  const urls = [
    "http://localhost:8010/x.sym",
    "https://symbols.mozilla.org/x.sym?code_file=a&b=c",
    "https://other.example.com/x.sym?kept=1",
    "http://[::1/x",
    "x",
    null,
  ];
  const modules = urls.map((symbol_url, i) => ({ filename: `m${i}`, debug_file: `d${i}`, symbol_url }));
  const { processed, notes } = await walked({ modules });
  expect(processed.json_dump?.modules?.map(({ symbol_url }) => symbol_url)).toEqual([
    null,
    "https://symbols.mozilla.org/x.sym",
    "https://other.example.com/x.sym?kept=1",
    null,
    "x",
    null,
  ]);
  expect(notes).toContain("Redacting symbol url for module m0");
});

it("signs of bad hardware are the likeliest flipped bit, contradictions, and guard pages that were touched", async () => {
  const crash_info = {
    possible_bit_flips: [{ confidence: 0.29 }, { confidence: 0.1 }, {}],
    crash_inconsistencies: ["a", 5],
    memory_accesses: [{}, { is_likely_guard_page: true }],
  };
  expect((await walked({ crash_info })).processed).toMatchObject({
    possible_bit_flips_max_confidence: 28,
    crash_inconsistencies: ["a"],
    has_guard_page_access: true,
  });
  const { processed } = await walked({ crash_info: {} });
  expect(processed.crash_inconsistencies).toBeNull();
  expect(processed).not.toHaveProperty("has_guard_page_access");
});

it("soft errors are JSON as Socorro writes it", async () => {
  const errors = [{ é: ["a/b", 1, 1e-7, 1e22, null] }];
  expect((await walked({ soft_errors: errors })).processed.soft_errors).toBe(
    '[{"\\u00e9": ["a/b", 1, 1e-07, 1e+22, null]}]',
  );
  expect((await walked({ soft_errors: null })).processed.soft_errors).toBe("null");
  expect((await walked({})).processed).not.toHaveProperty("soft_errors");
  expect((await walked({ soft_errors: ["x".repeat(9000)] })).processed.soft_errors).toHaveLength(4096);
});

it("why the signature reads so is there in Socorro's words and step by step", async () => {
  const frames = [{ function: "memcpy" }, { function: "app::run()" }];
  const { processed } = await walked({ crash_info: { crashing_thread: 0 }, threads: [{ frames }] });
  expect(processed.signature_debug?.split("\n")).toEqual([
    "SignatureGenerationRule: using CSignatureTool",
    "SignatureGenerationRule: using included signature lists",
    'SignatureGenerationRule: prefix; continue iterating: "memcpy"',
    'SignatureGenerationRule: not a prefix; stop: "app::run"',
    'SignatureGenerationRule: change signature: "" -> "memcpy | app::run"',
  ]);
  expect(processed.signature_steps).toContainEqual(
    expect.objectContaining({ kind: "taken", name: "app::run" }),
  );
});
