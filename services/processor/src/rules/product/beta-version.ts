import { rule } from "../../rule.ts";
import { trimmed } from "../../values/annotation-text.ts";

/** Builds of Firefox's aurora channel after this one are Developer Edition's. */
const LAST_AURORA_BUILD = 20_170_601;

/**
 * Gives betas the version they were released under: the client knows only the one of the release they lead to. The
 * version of a build that nobody knows stays, since one that is made up would group it with builds it is none of.
 */
export const betaVersion = rule({
  name: "BetaVersionRule",
  reads: ["product", "release_channel", "build", "version"],
  writes: ["version"],
  async act({ processed, notes }, { findVersion }) {
    const { product = "", build = "" } = processed;
    const channel = (processed.release_channel ?? "").toLowerCase();
    if (!["Firefox", "Thunderbird"].includes(product) || !["aurora", "beta"].includes(channel)) return;
    const buildId = trimmed(build);
    const isDevEdition = channel === "aurora" && Number(buildId.slice(0, 8)) > LAST_AURORA_BUILD;
    const asked = product === "Firefox" && isDevEdition ? "DevEdition" : product;
    const version = buildId === "" ? undefined : await findVersion(asked, channel, buildId);
    if (version !== undefined) processed.version = version;
    else notes.push(`release channel is ${channel} but no version data was found`);
  },
});
