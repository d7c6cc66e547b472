import { describe, expect, it } from "vitest";
import { parseCrashData } from "./parse-crash-data.ts";

const complaint = (document: unknown): string => {
  try {
    parseCrashData(document, "line 7");
    return "";
  } catch (error) {
    expect(error).toMatchObject({ code: "CRASH_DATA_INVALID" });
    return (error as { detail: string }).detail.replace(/^line 7: /, "");
  }
};

describe("crash data that somebody made", () => {
  it("may lack every field, have null for it, and have fields that nobody reads", () => {
    const full = {
      crashing_thread: 0,
      threads: [{ frames: [{ function: null, line: "12", trust: "cfi", inlines: null }], thread_name: "x" }],
      hang: 1,
      oom_allocation_size: "12",
      async_shutdown_timeout: { phase: "x" },
      original_signature: "x",
    };
    for (const document of [{}, { threads: null, os: null }, full])
      expect(parseCrashData(document)).toBe(document);
  });

  it("may be a processed crash", () => {
    const threads = [{ frames: [] }];
    const processed = { signature: "x", hang: "ui", json_dump: { crash_info: { type: "SIGSEGV" }, threads } };
    expect(parseCrashData(processed)).toEqual({ reason: "SIGSEGV", hang: "ui", threads });
  });

  it.each<[unknown, string]>([
    [[], "the whole: expected object, received array"],
    ["x", "the whole: expected object, received string"],
    [{ threads: {} }, "threads: expected array, received object"],
    [
      { threads: [{ frames: [{}, { module: 1 }] }] },
      "threads[0].frames[1].module: expected string, received number",
    ],
    [
      { threads: [{ frames: [{ inlines: [{ line: {} }] }] }] },
      "threads[0].frames[0].inlines[0].line: expected text or a number",
    ],
    [{ crashing_thread: 1.5 }, "crashing_thread: expected int, received number"],
    [{ async_shutdown_timeout: [] }, "async_shutdown_timeout: expected JSON text or an object"],
    [{ additional_minidumps: "a,b" }, "additional_minidumps: expected array, received string"],
  ])("is refused with the path of what is wrong: %j", (document, says) =>
    expect(complaint(document)).toBe(says),
  );

  it("is refused with the first few of many problems", () => {
    const frames = Array.from({ length: 9 }, () => ({ file: 1 }));
    expect(complaint({ threads: [{ frames }] })).toMatch(
      /^(threads\[0\]\.frames\[[012]\]\.file: .*; ){3}6 more$/,
    );
  });
});
