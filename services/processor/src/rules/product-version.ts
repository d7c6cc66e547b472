import type { Rule } from "../rule.ts";

/** Firefox's extended support releases carry the version of the release they began as; `esr` tells them apart. */
export const esrVersion: Rule = {
  name: "ESRVersionRewrite",
  act({ processed }) {
    const { version, release_channel } = processed;
    if (release_channel === "esr" && typeof version === "string" && !version.endsWith("esr")) {
      processed.version = `${version}esr`;
    }
  },
};

/** The number before the first dot; 0 when there is none. */
export const majorVersion: Rule = {
  name: "MajorVersion",
  act({ processed }) {
    const digits = /^\d{1,9}(?=\D|$)/.exec(String(processed.version ?? ""))?.[0];
    processed.major_version = Number(digits ?? 0);
  },
};
