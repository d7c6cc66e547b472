import { parseExactJson } from "@mayday/crash";
import { describe, expect, it } from "vitest";
import { run } from "../../test-support/process.ts";
import { releasedVersions } from "../../versions/released-versions.ts";

describe("copying annotations", () => {
  it("loses a value of a wrong type alone, and says which, not what it was", async () => {
    const { processed, notes } = await run({
      AbortMessage: ["me@example.com"],
      AvailablePageFile: { a: 1 },
      ProductName: "Firefox",
      Version: "142.0",
      SafeMode: "me@example.com",
    });
    expect(processed).toMatchObject({ product: "Firefox", version: "142.0" });
    expect(Object.keys(processed)).not.toEqual(expect.arrayContaining(["abort_message"]));
    expect(notes).toEqual(
      expect.arrayContaining([
        "AbortMessage has a non-string value",
        "AvailablePageFile has a non-int value",
        "SafeMode has non-boolean value",
      ]),
    );
    expect(JSON.stringify(processed)).not.toContain("example");
  });

  it.each([
    ["+12", 12],
    [" 1_000 ", 1000],
    ["-0", 0],
    ["٣٤", 34],
    ["12.0", undefined],
    ["0x10", undefined],
    ["1__0", undefined],
    ["", undefined],
  ])("reads %j as the whole number %j", async (text, value) => {
    expect((await run({ TotalPageFile: text })).processed.total_page_file).toBe(value);
  });

  it.each([
    [".5", 0.5],
    ["1_0e3", 10_000],
    ["5.", 5],
    ["1e999", undefined],
    ["nan", undefined],
    ["-Infinity", undefined],
    ["0x10", undefined],
  ])("reads %j as the number %j, since JSON has no others", async (text, value) => {
    expect((await run({ UptimeTS: text })).processed.uptime_ts).toBe(value);
  });

  it("reads booleans in any letter case and not otherwise", async () => {
    const annotations = { SafeMode: "TRUE", StartupCrash: " true", Throttleable: 1, GMPPlugin: false };
    const { processed } = await run(annotations);
    expect(processed).toMatchObject({ safe_mode: true, throttleable: true, gmp_plugin: false });
    expect(processed).not.toHaveProperty("startup_crash");
    expect(processed).toMatchObject({ marionette: false, remote_agent: false });
  });

  it("takes an object as it came, each annotation its own", async () => {
    const exception = { exception: { values: [{ stacktrace: { type: "E", module: "m" } }] } };
    const { processed } = await run({
      JavaException: JSON.stringify(exception),
      TelemetryEnvironment: { build: { version: "1" } },
    });
    expect(processed.java_exception).toEqual(exception);
    expect(processed.telemetry_environment).toEqual({ build: { version: "1" } });
  });

  it("takes no Java exception that is none: the signature would be made of it", async () => {
    const texts = [
      '{"exception":null}',
      '{"exception":{"values":[{"stacktrace":{"frames":[{"lineno":17.0}]}}]}}',
      "[1]",
    ];
    for (const JavaException of texts) {
      const { processed, notes } = await run({ JavaException });
      expect(processed).not.toHaveProperty("java_exception");
      expect(notes).toContain("JavaException value is malformed java_exception");
    }
    expect((await run({ JavaException: "{" })).notes).toContain("JavaException value is malformed json");
  });

  it("trims what stands at a text's end, also what only Python takes for white space", async () => {
    expect((await run({ Notes: "a \x1f\x85\n" })).processed.app_notes).toBe("a");
  });
});

describe("versions", () => {
  const release = (channel: string, buildId: string, version: string, product = "Firefox") => ({
    product,
    channel,
    buildId,
    version,
  });
  const findVersion = releasedVersions([
    release("beta", "20260805090902", "142.0b10"),
    release("beta", "20260812101010", "142.0"),
    release("beta", "20260812101010", "142.0rc3"),
    release("beta", "20260813131313", "142.0.1"),
    release("aurora", "20260803092111", "142.0b9", "DevEdition"),
  ]);
  const version = async (ReleaseChannel: string, BuildID: string, Version = "142.0") =>
    run({ ProductName: "Firefox", ReleaseChannel, BuildID, Version }, undefined, { findVersion });

  it.each([
    ["beta", " 20260805090902", "142.0b10"],
    ["Beta", "20260812101010", "142.0rc3"],
    ["beta", "20260813131313", "142.0.1"],
    ["aurora", "20260803092111", "142.0b9"],
    ["release", "20260805090902", "142.0"],
  ])("of %s builds %s are %s", async (channel, build, expected) => {
    expect((await version(channel, build)).processed.version).toBe(expected);
  });

  it("of betas that nobody knows stay as they came, with a note: none is made up", async () => {
    const { processed, notes } = await version("beta", "20200101000000");
    expect(processed.version).toBe("142.0");
    expect(notes).toContain("release channel is beta but no version data was found");
  });

  it.each([
    ["142.0b4", "20200101000000", "142.0b4"],
    ["142.0rc2", "20200101000000", "142.0rc2"],
    ["142.0b0", "20200101000000", "142.0"],
    ["142.0", "20200101000000", "142.0"],
    ["143.0b4", "20200101000000", "142.0"],
    ["142.0b4", "20190101000000", "142.0"],
    [4, "20200101000000", "142.0"],
  ])(
    "of betas that nobody knows are what the client calls itself: %s of build %s",
    async (shown, build, expected) => {
      const TelemetryEnvironment = JSON.stringify({ build: { buildId: build, displayVersion: shown } });
      const beta = { ProductName: "Firefox", ReleaseChannel: "beta", Version: "142.0", TelemetryEnvironment };
      const { processed } = await run({ ...beta, BuildID: "20200101000000" }, undefined, { findVersion });
      expect(processed.version).toBe(expected);
      const known = await run({ ...beta, BuildID: "20260805090902" }, undefined, { findVersion });
      expect(known.processed.version).toBe("142.0b10");
    },
  );

  it("stay as they came while nobody can be asked", async () => {
    const options = { findVersion: () => Promise.reject(new TypeError("fetch failed")) };
    const beta = { ProductName: "Firefox", ReleaseChannel: "beta", BuildID: "1", Version: "142.0" };
    const { processed, failures } = await run(beta, undefined, options);
    expect(processed.version).toBe("142.0");
    expect(failures).toEqual(["BetaVersionRule"]);
  });

  it("of extended support releases end in esr, once", async () => {
    expect((await version("esr", "1", "140.3.0")).processed.version).toBe("140.3.0esr");
    expect((await version("esr", "1", "140.3.0esr")).processed.version).toBe("140.3.0esr");
  });

  it.each([
    [" 142 .0.1", 142],
    ["142a1", 0],
    ["-5.0", -5],
    [undefined, 0],
  ])("%j is of major version %j", async (Version, major) => {
    expect((await run({ Version })).processed.major_version).toBe(major);
  });
});

describe("add-ons", () => {
  it("are decoded, and told apart from their versions before that", async () => {
    const list = "a%40b.c:1.0,x%3A1.0,a+b:1,%zz:%ff,%7B972ce4c6-7e08-4474-a285-3208198ce6fd%7D:5";
    expect((await run({ "Add-ons": list })).processed.addons).toEqual([
      "a@b.c:1.0",
      "x:1.0:NO_VERSION",
      "a b:1",
      "%zz:\ufffd",
      "{972ce4c6-7e08-4474-a285-3208198ce6fd} (default theme):5",
    ]);
  });

  it("were checked only where the client says so", async () => {
    const checked = async (raw: object) => (await run({ ...raw })).processed.addons_checked;
    expect(await checked({})).toBeNull();
    expect(await checked({ EMCheckCompatibility: "TRUE" })).toBe(true);
    expect(await checked({ EMCheckCompatibility: "yes" })).toBe(false);
  });
});

it.each([
  [{ DistributionID: "mint-001" }, "mint-001"],
  [{ DistributionID: "", TelemetryEnvironment: '{"partner":{"distributionId":"deb"}}' }, "deb"],
  [{ TelemetryEnvironment: '{"partner":{"distributionId":null}}' }, "mozilla"],
  [{ TelemetryEnvironment: { partner: { distributionId: "deb" } } }, "deb"],
  [{ TelemetryEnvironment: '{"partner":{}}' }, "unknown"],
  [{ TelemetryEnvironment: "{" }, "unknown"],
  [{}, "unknown"],
])("%j is distributed by %s", async (raw, id) => {
  expect((await run({ ...raw })).processed.distribution_id).toBe(id);
});

it("a utility process's actors are those that are named", async () => {
  const actors = async (raw: object) => (await run({ ...raw })).processed.utility_actors_name;
  expect(await actors({ UtilityActorsName: "a, b ,,c" })).toEqual(["a", "b", "c"]);
  expect(await actors({ UtilityActorsName: "" })).toEqual([]);
});

it("a plugin is named in a plugin's process alone", async () => {
  const plugin = { PluginFilename: "f.dll", PluginName: "F", PluginVersion: "1" };
  expect((await run({ ...plugin, ProcessType: "plugin" })).processed).toMatchObject({
    plugin_filename: "f.dll",
    plugin_name: "F",
    plugin_version: "1",
  });
  expect((await run({ ...plugin, ProcessType: "content" })).processed).not.toHaveProperty("plugin_filename");
});

it("large numbers keep their digits in the major version", async () => {
  const raw = parseExactJson('{"Version":"999999999999999999999999999999.0"}') as Record<string, unknown>;
  expect(JSON.stringify((await run(raw)).processed)).toContain(
    '"major_version":999999999999999999999999999999',
  );
});
