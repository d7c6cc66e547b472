import { describe, expect, it } from "vitest";
import { rulesets, type ThrottleContext, throttle } from "./index.ts";

const context: ThrottleContext = {
  now: new Date("2026-08-20T10:00:00Z"),
  products: ["Firefox", "Fenix"],
  packages: { Fenix: ["org.mozilla.fenix"] },
};
const firefox = { ProductName: "Firefox", Version: "150.0", BuildID: "20260801000000" };

function decide(annotations: Record<string, unknown>, random = 0) {
  return throttle(annotations, rulesets.mozilla, context, () => random);
}

describe("Mozilla's rules", () => {
  it.each([
    ["has_old_buildid", { ...firefox, BuildID: "20240819000000" }, "reject"],
    ["has_hangid_and_browser", { ...firefox, HangID: "x" }, "reject"],
    [
      "infobar_is_true",
      { ...firefox, SubmittedFromInfobar: "true", Version: "52.1", BuildID: "2017" },
      "reject",
    ],
    ["b2g", { ProductName: "b2g" }, "fakeaccept"],
    ["unsupported_product", { ProductName: "firefox" }, "reject"],
    ["unsupported_product", {}, "reject"],
    ["unsupported_packagename", { ProductName: "Fenix" }, "reject"],
    ["throttleable_0", { ...firefox, Throttleable: "0" }, "accept"],
    ["has_comments", { ...firefox, Comments: "" }, "accept"],
    ["has_phc", { ...firefox, PHCKind: "FreedPage" }, "accept"],
    ["is_background", { ...firefox, ProcessType: "gpu" }, "accept"],
    ["is_alpha_beta_esr", { ...firefox, ReleaseChannel: "esr" }, "accept"],
    ["is_nightly", { ...firefox, ReleaseChannel: "nightly-try" }, "accept"],
    ["accept_everything", { ...firefox, ReleaseChannel: "default" }, "accept"],
    ["accept_everything", { ProductName: "Fenix", Android_PackageName: "org.mozilla.fenix" }, "accept"],
  ])("%s decides of %j: %s", (rule, annotations, result) => {
    expect(decide(annotations)).toEqual({ rule, result, percent: 100 });
  });

  it("keeps one in ten of release Firefox and says so", () => {
    const release = { ...firefox, ReleaseChannel: "release" };
    expect(decide(release, 0.09)).toEqual({ rule: "is_firefox_desktop", result: "accept", percent: 10 });
    expect(decide(release, 0.11)).toMatchObject({ rule: "is_firefox_desktop", result: "reject" });
  });

  it("multiplies the shares of rules that continue", () => {
    const kill = { ...firefox, ReleaseChannel: "release", ipc_channel_error: "ShutDownKill" };
    expect(decide(kill, 0.05)).toMatchObject({ rule: "is_firefox_desktop", result: "accept", percent: 1 });
    expect(decide(kill, 0.5)).toMatchObject({ rule: "is_shutdownkill", result: "reject" });
  });

  it("samples ESR on Windows that is no longer supported", () => {
    const environment = (build: unknown) =>
      JSON.stringify({ system: { os: { name: "Windows_NT", windowsBuildNumber: build } } });
    const esr = { ...firefox, ReleaseChannel: "esr" };
    const rule = "is_firefox_esr_unsupported_windows";
    expect(decide({ ...esr, TelemetryEnvironment: environment(9600) }, 0.3)).toMatchObject({ rule });
    expect(decide({ ...esr, TelemetryEnvironment: environment(19045) }, 0.3)).toMatchObject({
      rule: "is_alpha_beta_esr",
    });
    expect(decide({ ...esr, TelemetryEnvironment: "{broken" }, 0.3)).toMatchObject({ result: "accept" });
  });

  it("does not take a build id that is no date for an old one", () => {
    expect(decide({ ...firefox, BuildID: "20230231000000" })).toMatchObject({ result: "accept" });
  });

  it("reads values that are not text as text", () => {
    expect(decide({ ...firefox, Throttleable: 0 })).toMatchObject({ rule: "throttleable_0" });
  });
});

describe("throttle", () => {
  it("rejects what no rule matches", () => {
    expect(throttle({}, [], context, () => 0)).toEqual({ result: "reject", rule: "NO_MATCH", percent: 0 });
  });
});
