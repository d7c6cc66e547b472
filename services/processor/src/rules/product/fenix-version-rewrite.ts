import { rule } from "../../rule.ts";

/** Fenix' nightly builds once named themselves by date, `Nightly 260820 05:01`; all others are `0.0a1` at least. */
export const fenixVersionRewrite = rule({
  name: "FenixVersionRewriteRule",
  reads: ["product", "version"],
  writes: ["version"],
  act({ processed, notes }) {
    const { product, version } = processed;
    if (product !== "Fenix" || version === undefined || !/^Nightly \d{6} \d{2}:\d{2}/.test(version)) return;
    processed.version = "0.0a1";
    notes.push("Changed version from the date of a nightly build to 0.0a1");
  },
});
