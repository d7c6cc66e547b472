import { describe, expect, it } from "vitest";
import type { CrashData } from "../crash-data/crash-data.ts";
import { generateSignature } from "../generate-signature.ts";
import { crashOf, lists } from "../test-support/lists.ts";

const siglists = lists({ irrelevant: ["raise$"] });
const generate = (fields: CrashData) => generateSignature({ ...crashOf("app::run"), ...fields }, siglists);
const signatureOf = (fields: CrashData) => generate(fields).signature;

describe("memory that ran out", () => {
  it.each([
    [{ oom_allocation_size: 262_144 }, "OOM | small"],
    [{ oom_allocation_size: "262145" }, "OOM | large | app::run"],
    [{ oom_allocation_size: "plenty" }, "OOM | unknown | app::run"],
    [{ oom_allocation_size: 0 }, "app::run"],
    [{ js_large_allocation_failure: "Reporting", oom_allocation_size: 5 }, "OOM | large | app::run"],
    [{ js_large_allocation_failure: "Recovered" }, "app::run"],
    [{ reason: "STATUS_NO_MEMORY" }, "OOM | unknown | app::run"],
    [crashOf("alloc::oom::oom()"), "OOM | unknown | alloc::oom::oom"],
  ])("%j → %s", (fields, signature) => expect(signatureOf(fields)).toBe(signature));

  it("is seen in the crashing thread's last error, and in no other's", () => {
    const thread = { frames: [{ function: "app::run" }] };
    const threads = [thread, { ...thread, last_error_value: "ERROR_NOT_ENOUGH_MEMORY" }];
    expect(signatureOf({ threads, crashing_thread: 1 })).toBe("OOM | unknown | app::run");
    expect(signatureOf({ threads, crashing_thread: 0 })).toBe("app::run");
  });
});

describe("an abort message", () => {
  it.each([
    ["it broke", "Abort | it broke | app::run"],
    ["[12] ###!!! ABORT: it broke: file x.cpp, line 3", "Abort | it broke | app::run"],
    ["###!!! ABORT: file x.cpp, line 3", "Abort | app::run"],
    ["unable to find a usable font (Arial) (Courier)", "Abort | unable to find a usable font | app::run"],
    ["tab\tand é", "Abort | taband | app::run"],
    ["x".repeat(81), `Abort | ${"x".repeat(77)}... | app::run`],
  ])("%j", (abort_message, signature) => expect(signatureOf({ abort_message })).toBe(signature));
});

describe("a shutdown that took too long", () => {
  const timeout = (async_shutdown_timeout: string | Record<string, unknown>) =>
    generate({ async_shutdown_timeout });

  it.each([
    ['{"phase":"late","conditions":[{"name":"b"},"a"]}', "AsyncShutdownTimeout | late | a,b"],
    ['{"phase":3}', "AsyncShutdownTimeout | (unknown) | (none)"],
    ['{"phase":"late","conditions":[{"no":1}]}', "AsyncShutdownTimeout | late | UNKNOWN"],
    ['{"phase":"late","conditions":5}', "AsyncShutdownTimeout | late | UNKNOWN"],
    ["{bad", "AsyncShutdownTimeout | UNKNOWN"],
    ["[]", "AsyncShutdownTimeout | UNKNOWN"],
  ])("%s", (text, signature) => expect(timeout(text).signature).toBe(signature));

  it("may come as an object instead of its text", () => {
    expect(timeout({ phase: "late", conditions: ["a"] }).signature).toBe("AsyncShutdownTimeout | late | a");
  });

  it("has a note with the signature it replaced, after the note on what is wrong with it", () => {
    expect(timeout("{bad").notes).toEqual([
      "SignatureShutdownTimeout: Error parsing AsyncShutdownTimeout: Expecting property name enclosed in double quotes: line 1 column 2 (char 1)",
      'SignatureShutdownTimeout: Signature replaced with a Shutdown Timeout signature, was: "app::run"',
    ]);
  });
});

describe("a watchdog's kill", () => {
  const watchdog = { frames: [{ function: "ns::(anonymous namespace)::RunWatchdog(void*)" }] };

  it("has the main thread's signature", () => {
    const main = { frames: [{ function: "main_loop" }] };
    const result = generate({ crashing_thread: 1, threads: [main, watchdog] });
    expect(result.signature).toBe("shutdownhang | main_loop");
    expect(result.protoSignature).toBe("main_loop");
  });
});

describe("marks by the crash's other fields", () => {
  it.each<[CrashData, string]>([
    [{ reason: "EXCEPTION_STACK_OVERFLOW" }, "stackoverflow | app::run"],
    [{ reason: "STATUS_DEVICE_DATA_ERROR" }, "bad hardware | app::run"],
    [{ hang: 0 }, "hang: 0 | app::run"],
    [{ hang: "ui" }, "hang: ui | app::run"],
    [{ ipc_message_name: "PContent::Msg" }, "app::run | IPC_Message_Name=PContent::Msg"],
    [{ ipc_channel_error: "lost" }, "IPCError-content | lost"],
    [
      { ipc_channel_error: "lost", additional_minidumps: ["upload_file_minidump_browser"] },
      "IPCError-browser | lost",
    ],
    [{ ipc_channel_error: "e".repeat(101) }, `IPCError-content | ${"e".repeat(100)}`],
    [{ mdsw_status_string: "EmptyMinidump" }, "app::run"],
    [{ mdsw_status_string: "EmptyMinidump", threads: [] }, "EMPTY: no frame data available; EmptyMinidump"],
  ])("%j → %s", (fields, signature) => expect(signatureOf(fields)).toBe(signature));

  it("apply in the pipeline's order", () => {
    const all: CrashData = {
      reason: "EXCEPTION_STACK_OVERFLOW",
      hang: 1,
      abort_message: "no",
      ipc_message_name: "M",
    };
    expect(signatureOf(all)).toBe("hang: 1 | stackoverflow | Abort | no | app::run | IPC_Message_Name=M");
  });
});

describe("the cleaning up", () => {
  it("leaves printable ASCII and says so", () => {
    const result = generate(crashOf("app::naïve\u007f"));
    expect(result.signature).toBe("app::nave");
    expect(result.notes).toEqual(["SigPrintableCharsOnly: unprintable characters removed"]);
  });

  it("makes one blank of many", () => {
    expect(signatureOf(crashOf("a::operator  x   y"))).toBe("a::operator x y");
  });

  it("cuts at 255 characters and says so", () => {
    expect(signatureOf(crashOf("f".repeat(255)))).toBe("f".repeat(255));
    const result = generate(crashOf("f".repeat(256)));
    expect(result.signature).toBe(`${"f".repeat(252)}...`);
    expect(result.notes).toEqual(["SigTruncate: SigTrunc: signature truncated due to length"]);
  });
});
