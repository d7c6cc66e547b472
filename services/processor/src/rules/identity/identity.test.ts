import { describe, expect, it } from "vitest";
import { jsonDump, run } from "../../test-support/process.ts";

describe("times", () => {
  it.each([
    [{ CrashTime: "1787000000.75" }, 1_787_000_000],
    [{ CrashTime: "1_78700000" }, 178_700_000],
    [{ CrashTime: "yesterday" }, 0],
    [{ CrashTime: 1000 }, 1_787_220_672],
    [{}, 1_787_220_672],
  ])("of the crash, by %j, are ten digits of text, else when it was submitted", async (raw, time) => {
    expect((await run(raw)).processed.crash_time).toBe(time);
  });

  it("that are missing are the ones behind them: the process began when it crashed, and was installed then", async () => {
    const { processed } = await run({ CrashTime: "1000", StartupTime: "900" });
    expect(processed).toMatchObject({
      uptime: 100,
      install_age: 100,
      client_crash_date: "1970-01-01T00:16:40+00:00",
    });
    expect((await run({ CrashTime: "1000" })).processed).toMatchObject({ uptime: 0, install_age: 0 });
  });

  it("since the last crash are as many digits as came, up to 64 bits", async () => {
    const { processed } = await run({ SecondsSinceLastCrash: "9223372036854775807" });
    expect(JSON.stringify(processed)).toContain('"last_crash":9223372036854775807');
    const beyond = await run({ SecondsSinceLastCrash: "9223372036854775808" });
    expect(beyond.processed.last_crash).toBeNull();
    expect(beyond.notes).toContain('"SecondsSinceLastCrash" larger than MAXINT - set to NULL');
  });
});

describe("where a report was sent from", () => {
  it.each([
    [{ SubmittedFromInfobar: "1", SubmittedFrom: "Auto" }, "Infobar"],
    [{ SubmittedFromInfobar: true }, "Infobar"],
    [{ SubmittedFromInfobar: "True" }, "Unknown"],
    [{ SubmittedFromInfobar: "", SubmittedFrom: "Infobar" }, "Unknown"],
    [{ SubmittedFrom: "Infobar" }, "Infobar"],
    [{}, "Unknown"],
  ])("%j is %s", async (raw, from) => {
    expect((await run(raw)).processed).toMatchObject({
      submitted_from: from,
      submitted_from_infobar: from === "Infobar",
    });
  });
});

describe("hangs", () => {
  const type = async (raw: Record<string, unknown>, json: object = {}) =>
    (await run(raw, { jsonDump: json })).processed.report_type;

  it("are told by an IPC error or a shutdown that took too long, an empty one too, and by no other annotation", async () => {
    expect(await type({ ipc_channel_error: "" })).toBe("hang");
    expect(await type({ AsyncShutdownTimeout: "{}" })).toBe("hang");
    expect(await type({ Hang: "ui", QuotaManagerShutdownTimeout: "x" })).toBe("crash");
  });

  it("are told by the watchdog on the crashing stack, and by none on another", async () => {
    const threads = [{ frames: [{ function: "f" }] }, { frames: [{ function: "mozilla::RunWatchdog" }] }];
    expect(await type({}, { crash_info: { crashing_thread: 1 }, threads })).toBe("hang");
    expect(await type({}, { crash_info: { crashing_thread: 0 }, threads })).toBe("crash");
    expect(
      await type({}, { crash_info: { crashing_thread: 0 }, threads: [{ frames: [{ function: 5 }] }] }),
    ).toBe("crash");
  });
});

describe("names of annotations", () => {
  it("are listed, those that are invalid counted in a note without naming them", async () => {
    const { processed, notes } = await run({ "me@example.com": "x", Good_1: "x", ["L".repeat(120)]: "x" });
    expect(processed.crash_report_keys).toContain("Good_1");
    expect(processed.crash_report_keys).toContain("L".repeat(100));
    expect(processed.crash_report_keys?.join()).not.toContain("example");
    expect(notes).toContain("invalidkeys: Crash report contains invalid keys");
  });

  it("with a null byte keep their value, and take nobody else's place", async () => {
    const { processed } = await run({ "Han\0g": "ui", "Ven\0dor": "forged", Vendor: "Mozilla" });
    expect(processed).toMatchObject({ hang: "ui", vendor: "Mozilla" });
  });
});

it("the main process is the parent; other kinds are as they came", async () => {
  const type = async (raw: object) => (await run({ ...raw }, { jsonDump })).processed.process_type;
  expect([await type({}), await type({ ProcessType: "main" }), await type({ ProcessType: "" })]).toEqual([
    "parent",
    "parent",
    "",
  ]);
});
