import { abort } from "./abort.ts";
import { badHardware } from "./bad-hardware.ts";
import { evenWhitespace, printableCharactersOnly, truncate } from "./clean-up.ts";
import { hungProcess } from "./hung-process.ts";
import { ipcChannelError } from "./ipc-channel-error.ts";
import { ipcMessageName } from "./ipc-message-name.ts";
import { outOfMemory } from "./out-of-memory.ts";
import { runWatchdog } from "./run-watchdog.ts";
import { shutdownTimeout } from "./shutdown-timeout.ts";
import { signatureGeneration } from "./signature-generation.ts";
import type { SignatureRule } from "./signature-rule.ts";
import { stackOverflow } from "./stack-overflow.ts";
import { stackwalkerError } from "./stackwalker-error.ts";

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
