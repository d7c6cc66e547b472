import { stackSignature } from "../frames/stack-signature.ts";
import { javaExceptionSignature } from "./java-exception-signature.ts";
import { javaStackTraceSignature } from "./java-stack-trace-signature.ts";
import type { RuleInput, RuleOutcome, SignatureRule } from "./signature-rule.ts";

/** Makes the signature the other rules work on: of the Java stack trace, else the Java exception, else the crashing thread. */
export const signatureGeneration: SignatureRule = {
  name: "SignatureGenerationRule",
  apply: (input) => signatureOfThread(input, crashingThread(input.crash.crashing_thread)),
};

/** As the rule does, for a thread of choice. */
export function signatureOfThread({ crash, siglists, switches }: RuleInput, thread: number): RuleOutcome {
  if (isPresent(crash.java_stack_trace))
    return {
      ...javaStackTraceSignature(crash.java_stack_trace),
      why: "made of the Java stack trace",
      debug: ["using JavaSignatureTool"],
    };
  if (isPresent(crash.java_exception))
    return {
      ...javaExceptionSignature(crash.java_exception),
      why: "made of the Java exception",
      debug: ["using JavaExceptionSignatureTool"],
    };
  const { frames, ...rest } = stackSignature(crash, thread, siglists, switches);
  const why = `made of the frames of thread ${thread}`;
  return frames.length === 0 ? { ...rest, why } : { ...rest, why, frames };
}

/** Index of the crashing thread: 0 when the crash names none, a number beyond the threads when it is a bad one. */
export function crashingThread(value: unknown): number {
  const thread = typeof value === "string" ? Number.parseInt(value, 10) : value;
  return Number.isInteger(thread) ? (thread as number) : 0;
}

function isPresent(value: unknown): boolean {
  if (typeof value === "object" && value !== null) return Object.keys(value).length > 0;
  return Boolean(value);
}
