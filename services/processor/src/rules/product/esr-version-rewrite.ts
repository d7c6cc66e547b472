import { rule } from "../../rule.ts";

/** Firefox's extended support releases carry the version of the release they began as; `esr` tells them apart. */
export const esrVersionRewrite = rule({
  name: "ESRVersionRewrite",
  reads: ["release_channel", "version"],
  writes: ["version"],
  act({ processed, notes }) {
    const { release_channel: channel, version } = processed;
    if (channel !== "esr") return;
    if (version === undefined) notes.push('"Version" missing from esr release raw_crash');
    else if (!version.endsWith("esr")) processed.version = `${version}esr`;
  },
});
