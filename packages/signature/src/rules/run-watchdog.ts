import type { SignatureRule } from "../signature-rule.ts";
import { signatureGeneration, signatureOfThread } from "./signature-generation.ts";

/** Firefox's watchdog thread kills a shutdown that hangs: what hangs is on the main thread. */
export const runWatchdog: SignatureRule = {
  name: "SignatureRunWatchDog",
  apply({ crash, signature, siglists }) {
    if (!signature.includes("RunWatchdog")) return undefined;
    const hung = signatureOfThread(crash, 0, siglists);
    return {
      ...hung,
      notesOf: signatureGeneration.name,
      signature: `shutdownhang | ${hung.signature || signature}`,
    };
  },
};
