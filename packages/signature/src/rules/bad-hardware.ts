import { textOf } from "../crash-data/json-value.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** A page that could not be read from the disk: the code that needed it is not to blame. */
export const badHardware: SignatureRule = {
  name: "BadHardware",
  apply: ({ crash, signature }) =>
    textOf(crash.reason)?.includes("STATUS_DEVICE_DATA_ERROR")
      ? { signature: `bad hardware | ${signature}`, why: `the crash reason is ${crash.reason}` }
      : undefined,
};
