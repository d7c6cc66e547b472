import type { ThrottleContext, ThrottleRule } from "./throttle-rule.ts";

const TWO_YEARS_DAYS = 730;
const DAY_MS = 86_400_000;

/** Mozilla's rules, in their order, as Antenna has them. */
export const mozillaRules: readonly ThrottleRule[] = [
  {
    name: "has_old_buildid",
    needs: "BuildID",
    matches: (annotation, { now }) => isOlderThanTwoYears(annotation("BuildID") ?? "", now),
    result: "reject",
  },
  {
    // One of two reports of a plugin hang; the other one tells more.
    name: "has_hangid_and_browser",
    needs: "HangID",
    matches: (annotation) => (annotation("ProcessType") ?? "browser") === "browser",
    result: "reject",
  },
  {
    // Firefox 52 to 59 sent old reports again and again from its info bar until a build of December 2017.
    name: "infobar_is_true",
    needs: "SubmittedFromInfobar",
    matches: (annotation) =>
      annotation("ProductName") === "Firefox" &&
      annotation("SubmittedFromInfobar") === "true" &&
      /^5[2-9]\./.test(annotation("Version") ?? "") &&
      isBefore(annotation("BuildID"), "20171226"),
    result: "reject",
  },
  {
    // An old client that tries for ever unless it is told that its report arrived.
    name: "b2g",
    needs: "ProductName",
    matches: (annotation, { products }) =>
      annotation("ProductName")?.toLowerCase() === "b2g" && !products.includes("B2G"),
    result: "fakeaccept",
  },
  {
    name: "unsupported_product",
    matches: (annotation, { products }) =>
      products.length > 0 && !products.includes(annotation("ProductName") ?? ""),
    result: "reject",
  },
  {
    name: "unsupported_packagename",
    matches: (annotation, context) => hasForeignPackage(annotation, context),
    result: "reject",
  },
  {
    // The user asked for this report to be looked at.
    name: "throttleable_0",
    needs: "Throttleable",
    matches: (annotation) => annotation("Throttleable") === "0",
    result: "accept",
  },
  { name: "has_comments", needs: "Comments", matches: () => true, result: "accept" },
  { name: "has_phc", needs: "PHCKind", matches: () => true, result: "accept" },
  {
    name: "is_background",
    needs: "ProcessType",
    matches: (annotation) =>
      ["gpu", "plugin", "rdd", "socket", "utility"].includes(annotation("ProcessType") ?? ""),
    result: "accept",
  },
  {
    name: "is_shutdownkill",
    needs: "ipc_channel_error",
    matches: (annotation) => annotation("ipc_channel_error") === "ShutDownKill",
    result: { percent: 10, kept: "continue", otherwise: "reject" },
  },
  {
    name: "is_firefox_esr_unsupported_windows",
    needs: "TelemetryEnvironment",
    matches: (annotation) =>
      annotation("ProductName") === "Firefox" &&
      annotation("ReleaseChannel") === "esr" &&
      isOldWindows(annotation("TelemetryEnvironment") ?? ""),
    result: { percent: 25, kept: "continue", otherwise: "reject" },
  },
  {
    name: "is_alpha_beta_esr",
    needs: "ReleaseChannel",
    matches: (annotation) => ["aurora", "beta", "esr"].includes(annotation("ReleaseChannel") ?? ""),
    result: "accept",
  },
  {
    name: "is_nightly",
    needs: "ReleaseChannel",
    matches: (annotation) => annotation("ReleaseChannel")?.startsWith("nightly") === true,
    result: "accept",
  },
  {
    name: "is_firefox_desktop",
    matches: (annotation) =>
      annotation("ProductName") === "Firefox" && annotation("ReleaseChannel") === "release",
    result: { percent: 10, kept: "accept", otherwise: "reject" },
  },
  { name: "accept_everything", matches: () => true, result: "accept" },
];

function isOlderThanTwoYears(buildId: string, now: Date): boolean {
  if (!/^20\d{12}$/.test(buildId)) return false;
  const [year, month, day] = [buildId.slice(0, 4), buildId.slice(4, 6), buildId.slice(6, 8)].map(Number);
  const built = new Date(Date.UTC(year!, month! - 1, day));
  // Date takes 31 February for 3 March; a build id that is no date says nothing of its age.
  if (built.getUTCMonth() + 1 !== month || built.getUTCDate() !== day) return false;
  return now.getTime() - built.getTime() > TWO_YEARS_DAYS * DAY_MS;
}

function isBefore(buildId: string | undefined, limit: string): boolean {
  return buildId !== undefined && buildId < limit;
}

function hasForeignPackage(
  annotation: (name: string) => string | undefined,
  { packages }: ThrottleContext,
): boolean {
  const product = annotation("ProductName") ?? "";
  const taken = Object.hasOwn(packages, product) ? packages[product] : undefined;
  return taken !== undefined && !taken.includes(annotation("Android_PackageName") ?? "");
}

/** Windows before 10: its last build number is 9600 (8.1). */
function isOldWindows(telemetryEnvironment: string): boolean {
  try {
    const os = JSON.parse(telemetryEnvironment)?.system?.os;
    return (
      os?.name === "Windows_NT" && Number.isInteger(os.windowsBuildNumber) && os.windowsBuildNumber <= 9600
    );
  } catch {
    return false;
  }
}
