import type { SignatureRule } from "./signature-rule.ts";

/** The frame at the top of an overflown stack is chance; the mark tells so. */
export const stackOverflow: SignatureRule = {
  name: "StackOverflowSignature",
  apply: ({ crash, signature }) =>
    crash.reason === "EXCEPTION_STACK_OVERFLOW"
      ? { signature: `stackoverflow | ${signature}`, why: `the crash reason is ${crash.reason}` }
      : undefined,
};
