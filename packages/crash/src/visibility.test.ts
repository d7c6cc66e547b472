import { describe, expect, it } from "vitest";
import { processedSchema, redactProcessedCrash, redactRawCrash } from "./index.ts";

describe("what anybody may see", () => {
  it("of a raw crash are the annotations that are named public, and no unknown ones", () => {
    const raw = { ProductName: "Teapot", URL: "https://secret", Comments: "me", Unknown: "x", metadata: {} };
    expect(redactRawCrash(raw)).toEqual({ ProductName: "Teapot" });
  });

  it("of the collector's metadata are its notes", () => {
    const metadata = { collector_notes: ["dropped annotation X", { not: "text" }], user_agent: "me" };
    expect(redactRawCrash({ URL: "https://secret", metadata })).toEqual({
      metadata: { collector_notes: ["dropped annotation X"] },
    });
    for (const odd of [null, undefined, "text", { collector_notes: "text" }]) {
      expect(redactRawCrash({ metadata: odd })).toEqual({});
    }
  });

  it("of a processed crash are its public fields, and nothing that the schema does not know", () => {
    const processed = {
      signature: "f",
      url: "https://secret",
      user_comments: "me",
      collector_metadata: {},
      something_new: "x",
      constructor: "x",
    };
    expect(redactProcessedCrash(processed)).toEqual({ signature: "f" });
  });

  it("of stack walks is all but registers and what else was in memory", () => {
    const dump = {
      crashing_thread: { frames: [{ function: "f", registers: { rax: "0x1" } }] },
      soft_errors: ["x"],
      mac_boot_args: "x",
      handles: [{ object_name: "/home/me" }],
    };
    const seen = { crashing_thread: { frames: [{ function: "f" }] } };
    expect(redactProcessedCrash({ json_dump: dump })).toEqual({ json_dump: seen });
    expect(redactProcessedCrash({ upload_file_minidump_browser: { json_dump: dump } })).toEqual({
      upload_file_minidump_browser: { json_dump: seen },
    });
  });

  it("are of Firefox' annotations the ones that were reviewed to be public", () => {
    const raw = {
      GMPPlugin: "1",
      HasDeviceTouchScreen: "1",
      StackTraces: "{}",
      MinidumpSha256Hash: "ab",
      CrashType: "x",
    };
    expect(redactRawCrash(raw)).toEqual({ GMPPlugin: "1", HasDeviceTouchScreen: "1" });
  });

  it("of a document that is damaged are the fields that are not", () => {
    const processed = {
      product: ["x"],
      signature: "f",
      uptime: "long",
      json_dump: 5,
      addons: [5],
      cpu_count: 4,
    };
    expect(redactProcessedCrash(processed)).toEqual({ signature: "f", cpu_count: 4 });
    expect(redactRawCrash({ Version: { a: 1 }, metadata: { collector_notes: [5, "x"] } })).toEqual({
      Version: { a: 1 },
      metadata: { collector_notes: ["x"] },
    });
  });

  it("of how a crash was processed is what happened, not step by step", () => {
    const processed = { signature_steps: [], signature_debug: "x", processing_history: [{ why: "live" }] };
    expect(redactProcessedCrash(processed)).toEqual({ processing_history: [{ why: "live" }] });
  });

  it("is decided for every field of the schema", () => {
    for (const { visibility } of Object.values(processedSchema))
      expect(["public", "protected"]).toContain(visibility);
  });
});
