import type { ProcessedCrash } from "@mayday/crash";
import { rule } from "../../rule.ts";
import { trimmed } from "../../values/annotation-text.ts";
import { recordOf } from "../../values/json-records.ts";

/** Builds of Firefox's aurora channel after this one are Developer Edition's. */
const LAST_AURORA_BUILD = 20_170_601;

/**
 * Gives betas the version they were released under: the client knows only the one of the release they lead to. The
 * version of a build that nobody knows is the one that the client shows to people, where it says so; else it stays, since
 * one that is made up would group it with builds it is none of.
 */
export const betaVersion = rule({
  name: "BetaVersionRule",
  reads: ["product", "release_channel", "build", "version", "telemetry_environment"],
  writes: ["version"],
  async act({ processed, notes }, { findVersion }) {
    const { product = "", build = "" } = processed;
    const channel = (processed.release_channel ?? "").toLowerCase();
    if (!["Firefox", "Thunderbird"].includes(product) || !["aurora", "beta"].includes(channel)) return;
    const buildId = trimmed(build);
    const isDevEdition = channel === "aurora" && Number(buildId.slice(0, 8)) > LAST_AURORA_BUILD;
    const asked = product === "Firefox" && isDevEdition ? "DevEdition" : product;
    const known = buildId === "" ? undefined : await findVersion(asked, channel, buildId);
    const version = known ?? ownVersion(processed, buildId);
    if (version !== undefined) processed.version = version;
    else notes.push(`release channel is ${channel} but no version data was found`);
  },
});

/** What the telemetry environment says, where it is of this build and leads to the release that the crash names. */
function ownVersion(
  {
    telemetry_environment: environment,
    version = "",
  }: Pick<ProcessedCrash, "telemetry_environment" | "version">,
  buildId: string,
): string | undefined {
  const { buildId: build, displayVersion: shown } = recordOf(recordOf(environment)["build"]);
  if (buildId === "" || build !== buildId || typeof shown !== "string") return undefined;
  const isBeta = /^(?:b|rc)[1-9]\d{0,2}$/.test(shown.slice(version.length));
  return version !== "" && shown.startsWith(version) && isBeta ? shown : undefined;
}
