import type { SignatureRule } from "./signature-rule.ts";

/** The process did not crash, it was killed for hanging. */
export const hungProcess: SignatureRule = {
  name: "HungProcess",
  apply({ crash: { hang }, signature }) {
    const known = typeof hang === "string" || typeof hang === "number";
    if (!known) return undefined;
    return {
      signature: `hang: ${hang} | ${signature}`,
      why: `the report says that the process hung (${hang})`,
    };
  },
};
