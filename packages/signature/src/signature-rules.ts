import { abort } from "./rules/abort.ts";
import { badHardware } from "./rules/bad-hardware.ts";
import { evenWhitespace, printableCharactersOnly, truncate } from "./rules/clean-up.ts";
import { hungProcess } from "./rules/hung-process.ts";
import { ipcChannelError } from "./rules/ipc-channel-error.ts";
import { ipcMessageName } from "./rules/ipc-message-name.ts";
import { outOfMemory } from "./rules/out-of-memory.ts";
import { runWatchdog } from "./rules/run-watchdog.ts";
import { shutdownTimeout } from "./rules/shutdown-timeout.ts";
import { signatureGeneration } from "./rules/signature-generation.ts";
import { stackOverflow } from "./rules/stack-overflow.ts";
import { stackwalkerError } from "./rules/stackwalker-error.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** The pipeline, in Socorro's order: each rule works on what the rules before it made. */
export const signatureRules: readonly SignatureRule[] = [
  signatureGeneration,
  stackwalkerError,
  badHardware,
  outOfMemory,
  abort,
  shutdownTimeout,
  runWatchdog,
  ipcChannelError,
  ipcMessageName,
  stackOverflow,
  hungProcess,
  printableCharactersOnly,
  evenWhitespace,
  truncate,
];
