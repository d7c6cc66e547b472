import { describe, expect, it } from "vitest";
import { run, walked } from "../../test-support/process.ts";

describe("the system", () => {
  const pretty = async (os: unknown, os_ver: unknown) =>
    (await walked({ system_info: { os, os_ver } })).processed.os_pretty_version;

  it.each([
    ["Windows NT", "6.1.7601", "Windows 7"],
    ["Windows NT", "10.0.19045", "Windows 10"],
    ["Windows NT", "10.0.21996", "Windows 11"],
    ["Windows NT", "10.0.9200", "Windows 10"],
    ["Windows NT", "9.9", "Windows Unknown"],
    ["Windows NT", "", "Windows NT"],
    ["Mac OS X", "10.9.5", "OS X 10.9"],
    ["Mac OS X", "26.0 25A354", "macOS 26"],
    ["Mac OS X", "15", "Mac OS X"],
    ["Mac OS X", "9.2", "OS X Unknown"],
    [" Linux ", "6.1", "Linux"],
    ["iOS", "17.0", "iOS"],
    [undefined, undefined, "Unknown"],
  ])("%j %j is %s", async (os, version, name) => {
    expect(await pretty(os, version)).toBe(name);
  });

  it("of Linux is named by the distribution: by the dump, else by the annotation", async () => {
    const linux = { system_info: { os: "Linux" } };
    expect(
      (await walked({ ...linux, lsb_release: { description: "Debian 13" } }, { LinuxLSBDescription: "x" }))
        .processed.os_pretty_version,
    ).toBe("Debian 13");
    expect((await walked(linux, { LinuxLSBDescription: " Mint " })).processed.os_pretty_version).toBe("Mint");
  });

  it("of Android is told by its API level, where no other system is", async () => {
    const Android_Version = "34 (REL)";
    expect((await walked({}, { Android_Version, Android_CPU_ABI: "arm64-v8a" })).processed).toMatchObject({
      os_name: "Android",
      os_version: "34",
      os_pretty_version: "Android 34",
      cpu_arch: "arm64",
    });
    expect(
      (await walked({ system_info: { os: "Linux", os_ver: "6.1" } }, { Android_Version })).processed,
    ).toMatchObject({ os_name: "Linux", os_version: "6.1" });
  });

  it("is told by annotations where no dump tells it, and only there", async () => {
    const annotations = { OS: "Darwin", OSVersion: "1", CPUArchitecture: "riscv64", CPUInfo: "big" };
    expect((await run(annotations, undefined, { dumps: [] })).processed).toMatchObject({
      os_name: "Darwin",
      os_version: "1",
      cpu_arch: "riscv64",
      cpu_info: "big",
    });
    const known = { os: "Linux", os_ver: "6.1", cpu_arch: "amd64", cpu_info: null, cpu_count: 4 };
    expect((await walked({ system_info: known }, { ...annotations, CPUInfo: "" })).processed).toMatchObject({
      os_name: "Linux",
      os_version: "6.1",
      cpu_arch: "amd64",
      cpu_info: null,
      cpu_count: 4,
    });
  });
});

describe("breadcrumbs", () => {
  it("are a list, or the values of an object", async () => {
    const crumb = { category: "ui", message: "x", data: { a: 1 }, more: 5 };
    expect((await run({ Breadcrumbs: JSON.stringify([crumb]) })).processed.breadcrumbs).toEqual([crumb]);
    expect((await run({ Breadcrumbs: JSON.stringify({ values: [crumb] }) })).processed.breadcrumbs).toEqual([
      crumb,
    ]);
  });

  it.each(["[{", '"secret"', '{"a":"secret"}', '["secret"]', '[{"timestamp":1234}]'])(
    "that are %s leave a note that quotes nothing",
    async (Breadcrumbs) => {
      const { processed, notes } = await run({ Breadcrumbs });
      expect(processed).not.toHaveProperty("breadcrumbs");
      const note = notes.find((text) => text.startsWith("Breadcrumbs: malformed: "));
      expect(note).toBeDefined();
      expect(note).not.toMatch(/secret|1234/);
    },
  );
});

it("macOS' crash info is JSON with sorted keys, where there are records", async () => {
  const mac_crash_info = { records: [{ b: "é", a: 1 }], num_records: 1 };
  expect((await walked({ mac_crash_info })).processed.mac_crash_info).toBe(
    '{"num_records": 1, "records": [{"a": 1, "b": "\\u00e9"}]}',
  );
  expect((await walked({ mac_crash_info: { num_records: 0 } })).processed).not.toHaveProperty(
    "mac_crash_info",
  );
});

it("macOS' boot arguments are kept where there are some", async () => {
  expect((await walked({ mac_boot_args: " -v " })).processed).toMatchObject({
    mac_boot_args: "-v",
    has_mac_boot_args: true,
  });
  expect((await walked({ mac_boot_args: "  " })).processed).not.toHaveProperty("has_mac_boot_args");
  expect((await walked({ mac_boot_args: ["-v"] })).notes).toContain(
    "MacBootArgsRule: mac_boot_args is not str",
  );
});

it("a crash reason that tells of the user is public only as such", async () => {
  const MozCrashReason = "do not use eval with system privileges: secret";
  expect((await run({ MozCrashReason })).processed).toMatchObject({
    moz_crash_reason_raw: MozCrashReason,
    moz_crash_reason: "sanitized--see moz_crash_reason_raw",
  });
  expect((await run({ MozCrashReason: "MOZ_CRASH() \n" })).processed.moz_crash_reason).toBe("MOZ_CRASH() \n");
  expect((await run({ MozCrashReason: "" })).processed).not.toHaveProperty("moz_crash_reason");
});
