import { signatureGeneration, signatureOfThread } from "./signature-generation.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** Firefox's watchdog thread kills a shutdown that hangs: what hangs is on the main thread. */
export const runWatchdog: SignatureRule = {
  name: "SignatureRunWatchDog",
  apply(input) {
    const { signature } = input;
    if (!signature.includes("RunWatchdog")) return undefined;
    const hung = signatureOfThread(input, 0);
    return {
      ...hung,
      ...(hung.signature === undefined ? {} : { inner: hung.signature }),
      why: "the watchdog killed it: what hung is the main thread, thread 0",
      notesOf: signatureGeneration.name,
      signature: `shutdownhang | ${hung.signature || signature}`,
    };
  },
};
