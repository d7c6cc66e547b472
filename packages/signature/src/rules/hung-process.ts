import type { SignatureRule } from "../signature-rule.ts";

/** The process did not crash, it was killed for hanging. */
export const hungProcess: SignatureRule = {
  name: "HungProcess",
  apply({ crash: { hang }, signature }) {
    const known = typeof hang === "string" || typeof hang === "number";
    return known ? { signature: `hang: ${hang} | ${signature}` } : undefined;
  },
};
