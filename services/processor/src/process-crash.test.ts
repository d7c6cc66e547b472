import { parseExactJson } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { describe, expect, it } from "vitest";
import { crashId, jsonDump, run } from "./test-support/process.ts";
import { failedWalk } from "./walker/walker.ts";

describe("the default rules", () => {
  it("make a crash of a dump: what crashed, where, on what", async () => {
    const { processed, notes, failures } = await run({
      ProductName: "Teapot",
      Version: "1.4.0",
      CrashTime: "1787220670",
    });
    expect(failures).toEqual([]);
    expect(notes).toEqual([">>> Start processing: 2026-08-20T10:11:20+00:00"]);
    expect(processed).toMatchObject({
      crash_id: crashId,
      uuid: crashId,
      product: "Teapot",
      version: "1.4.0",
      major_version: 1,
      reason: "SIGSEGV / SEGV_MAPERR",
      address: "0x0000000000000000",
      crashing_thread: 2,
      crashing_thread_name: "Renderer",
      thread_count: 5,
      os_name: "Linux",
      os_pretty_version: "Debian GNU/Linux 12 (bookworm)",
      cpu_arch: "amd64",
      process_type: "parent",
      report_type: "crash",
      minidump_sha256_hash: "abc",
      mdsw_status_string: "OK",
      success: true,
      date_processed: "2026-08-20T10:11:12.123000+00:00",
      completed_datetime: "2026-08-20T10:11:20+00:00",
      distribution_id: "unknown",
      submitted_from: "Unknown",
    });
    expect(processed.signature).toMatch(/^teapot::Texture::index_of/);
    expect(processed.proto_signature).toMatch(/^teapot::Texture::index_of \| /);
    expect(processed.modules_in_stack).toBe(
      "libc.so.6/EC61AC938E5A39B16F9FBD350E3169A50;teapot/2FB0B04480C9E128E8269805C17188E90",
    );
    expect(processed.topmost_filenames).toMatch(/teapot/);
  });

  it("convert annotations to the types of their fields, and note those that are none", async () => {
    const { processed, notes } = await run({
      SafeMode: "1",
      StartupCrash: "maybe",
      UptimeTS: "1.5",
      TotalPhysicalMemory: "25276514304",
      AvailablePhysicalMemory: "lots",
      TelemetryEnvironment: '{"partner": {"distributionId": null}}',
      Notes: "trailing  ",
    });
    expect(processed).toMatchObject({
      safe_mode: true,
      uptime_ts: 1.5,
      total_physical_memory: 25_276_514_304,
      telemetry_environment: { partner: { distributionId: null } },
      distribution_id: "mozilla",
      app_notes: "trailing",
    });
    expect(processed).not.toHaveProperty("startup_crash");
    expect(notes).toContain("StartupCrash has non-boolean value");
    expect(notes).toContain("AvailablePhysicalMemory has a non-int value");
  });

  it("walk the dumps beside the main one, and no attachments", async () => {
    const names = ["_browser", "_screenpng", ""].map((name) => `upload_file_minidump${name}`);
    const { processed } = await run({}, undefined, {
      dumps: names,
      attachments: { upload_file_minidump_screenpng: { part: "upload_file_minidump_screen.png" } },
    });
    expect(processed.additional_minidumps).toEqual(["upload_file_minidump_browser"]);
    expect(processed).not.toHaveProperty("upload_file_minidump_screenpng");
  });

  it("keep the digits of large integers, however they came", async () => {
    const annotations = `{"OOMAllocationSize":9223372036854775807,"TotalPhysicalMemory":1E5,"Version":2.10,
      "AvailablePhysicalMemory":"99999999999999999999999","TotalPageFile":"-00018446744073709551615",
      "TotalVirtualMemory":12.5,"AvailablePageFile":"1E5","UptimeTS":1.50}`;
    const { processed, notes } = await run(parseExactJson(annotations) as Record<string, unknown>);
    expect(JSON.parse(JSON.stringify(processed))).toMatchObject({
      total_physical_memory: 100_000,
      version: "2.10",
      uptime_ts: 1.5,
      total_virtual_memory: 12,
    });
    const written = JSON.stringify(processed);
    expect(written).toContain('"oom_allocation_size":9223372036854775807');
    expect(written).toContain('"available_physical_memory":99999999999999999999999');
    expect(written).toContain('"total_page_file":-18446744073709551615');
    expect(notes).toContain("AvailablePageFile has a non-int value");
    expect(notes.join()).not.toMatch(/OOMAllocationSize|TotalPhysicalMemory|AvailablePhysicalMemory/);
  });

  it("work out times, and live with clocks that make no sense", async () => {
    const { processed } = await run({ CrashTime: "1000", StartupTime: "1010", InstallTime: "400" });
    expect(processed).toMatchObject({ crash_time: 1000, uptime: 0, install_age: 600, last_crash: null });
    const { processed: odd, notes } = await run({ CrashTime: "yesterday", StartupTime: "1e99" });
    expect(odd).toMatchObject({ crash_time: 0, uptime: 0, install_age: 0 });
    expect(notes).toContain('non-integer value of "CrashTime"');
    expect(notes).toContain("StartupTime has a non-int value");
  });

  it("mark versions of extended support releases", async () => {
    const { processed } = await run({ Version: "153.7.0", ReleaseChannel: "esr" });
    expect(processed).toMatchObject({ version: "153.7.0esr", major_version: 153 });
  });

  it("clean null bytes and nulls out of annotations", async () => {
    const { processed } = await run({ "Product\0Name": "Tea\0pot", Vendor: null });
    expect(processed.product).toBe("Teapot");
    expect(processed).not.toHaveProperty("vendor");
  });

  it("let nobody forge the collector's own fields with a null byte, or reach what is not there", async () => {
    const { processed } = await run({
      "submitted_timestamp\0": "1999-01-01T00:00:00+00:00",
      "metadata\0": { dump_checksums: { upload_file_minidump: "forged" } },
      "__pro\0to__": { ReleaseChannel: "inherited" },
      SafeMode: "constructor",
    });
    expect(processed.date_processed).toBe("2026-08-20T10:11:12.123000+00:00");
    expect(processed.minidump_sha256_hash).toBe("abc");
    expect(processed).not.toHaveProperty("release_channel");
    expect(processed).not.toHaveProperty("safe_mode");
  });

  it("keep the telling part of a crash reason out of the public field", async () => {
    const { processed } = await run({ MozCrashReason: "byte index 3 is not a char boundary of `secret`" });
    expect(processed).toMatchObject({
      moz_crash_reason: "sanitized--see moz_crash_reason_raw",
      moz_crash_reason_raw: "byte index 3 is not a char boundary of `secret`",
    });
  });

  it("walk further dumps under their own names", async () => {
    const dumps = ["upload_file_minidump", "upload_file_minidump_browser", "memory_report"];
    const { processed } = await run({}, { jsonDump }, { dumps });
    expect(processed.additional_minidumps).toEqual(["upload_file_minidump_browser"]);
    expect(processed["upload_file_minidump_browser"]).toMatchObject({ json_dump: { status: "OK" } });
    expect(processed.crash_report_keys).toEqual(
      [...dumps, "metadata", "submitted_timestamp", "uuid", "version"].sort(),
    );
  });

  it("cut the middle out of very deep stacks and say so", async () => {
    const frames = Array.from({ length: 1000 }, (_, frame) => ({
      frame,
      function: `f${frame}`,
      module: "teapot",
    }));
    const deep = {
      ...jsonDump,
      threads: [{ frame_count: 1000, frames }],
      crash_info: { crashing_thread: 0 },
    };
    const { processed, notes } = await run({}, { jsonDump: deep });
    const [thread] = (processed.json_dump as any).threads;
    expect(thread.frames).toHaveLength(500);
    expect(thread.frames[249].function).toBe("f249");
    expect(thread.frames[250]).toEqual({ truncated: { msg: "501 frames truncated" } });
    expect(thread.frames[251].function).toBe("f751");
    expect(thread.truncated).toBe(true);
    expect(notes).toContain("TruncateStacksRule: truncated json_dump.threads[0].frames: 1000 > 500");
  });

  it("make a processed crash of a dump that cannot be walked", async () => {
    const { processed, notes } = await run(
      { ProductName: "Teapot" },
      failedWalk("HeaderMismatch", "the minidump cannot be read: no minidump"),
    );
    expect(processed).toMatchObject({
      product: "Teapot",
      mdsw_status_string: "HeaderMismatch",
      os_name: "Unknown",
    });
    expect(processed.signature).toBe("EMPTY: no frame data available; HeaderMismatch");
    expect(notes).toContain("the minidump cannot be read: no minidump");
  });

  it("go on behind a rule that fails, with a note that names no value", async () => {
    const { processed, notes, failures } = await run({ ProductName: "Teapot" }, new TypeError("secret"));
    expect(failures).toEqual(["MinidumpStackwalkRule"]);
    expect(notes).toContain("ruleset 'default' rule 'MinidumpStackwalkRule' failed: TypeError");
    expect(JSON.stringify(processed)).not.toContain("secret");
    expect(processed.product).toBe("Teapot");
  });

  it("make nothing of a crash whose walk a stop cut off: it is processed again", async () => {
    const interrupted = run({ ProductName: "Teapot" }, new MaydayError("PROCESSING_INTERRUPTED"));
    await expect(interrupted).rejects.toMatchObject({ code: "PROCESSING_INTERRUPTED" });
  });

  it("give the same document again, but for its history", async () => {
    const { processed: first } = await run({ ProductName: "Teapot" });
    const previous = { ...first, leftover: "of an older rule" };
    const { processed: second } = await run({ ProductName: "Teapot" }, undefined, { previous });
    const [earlier] = first.processing_history!;
    expect(earlier).toEqual({
      notes: first.processor_notes,
      signature: first.signature,
      when: "2026-08-20T10:11:20+00:00",
      why: "live",
      versions: { rules: "1", lists: "abc" },
    });
    expect(second).toEqual({
      ...first,
      processor_history: [first.processor_notes],
      processing_history: [earlier, earlier],
    });
  });
});

describe("regenerating the signature", () => {
  it("of a crash that was never processed processes it", async () => {
    const { processed } = await run({ ProductName: "Teapot" }, undefined, {
      ruleset: "regenerate_signature",
    });
    expect(processed).toMatchObject({ product: "Teapot", uuid: crashId, mdsw_status_string: "OK" });
  });

  it("changes the signature alone", async () => {
    const { processed: previous } = await run({ ProductName: "Teapot" });
    const old = { ...previous, signature: "old", proto_signature: "old", url: "kept" };
    const { processed } = await run({}, new Error("walks nothing"), {
      previous: old,
      ruleset: "regenerate_signature",
    });
    expect(processed).toMatchObject({ signature: previous.signature, product: "Teapot", url: "kept" });
    expect(processed.json_dump).toEqual(previous.json_dump);
  });
});
