import type { CrashData } from "../crash-data/crash-data.ts";
import { listOf, recordOf } from "../crash-data/json-value.ts";
import { crashingThread } from "./signature-generation.ts";
import type { SignatureRule } from "./signature-rule.ts";

/** Bytes. A smaller allocation failed because memory was used up before: any code can be hit, so all are one group. */
const LARGEST_SMALL_ALLOCATION = 262_144;

const FUNCTIONS = [
  "NS_ABORT_OOM",
  "mozalloc_handle_oom",
  "CrashAtUnhandlableOOM",
  "AutoEnterOOMUnsafeRegion",
  "alloc::oom::oom",
];
const LAST_ERRORS: readonly unknown[] = ["ERROR_COMMITMENT_LIMIT", "ERROR_NOT_ENOUGH_MEMORY"];
const REASONS: readonly unknown[] = ["STATUS_FATAL_MEMORY_EXHAUSTION", "STATUS_NO_MEMORY"];

/** Marks crashes for want of memory: `OOM | small`, `OOM | large | …` or `OOM | unknown | …`. */
export const outOfMemory: SignatureRule = {
  name: "OOMSignature",
  apply({ crash, signature }) {
    const size = crash.oom_allocation_size;
    const why = size
      ? `an allocation of ${wholeNumber(size) ?? "unknown"} bytes failed`
      : signOf(crash, signature);
    return why === undefined ? undefined : { signature: `OOM | ${kindOf(crash, signature)}`, why };
  },
};

function kindOf(crash: CrashData, signature: string): string {
  if (failedLargeInJs(crash)) return `large | ${signature}`;
  const bytes = wholeNumber(crash.oom_allocation_size);
  if (bytes === undefined) return `unknown | ${signature}`;
  return bytes <= LARGEST_SMALL_ALLOCATION ? "small" : `large | ${signature}`;
}

const failedLargeInJs = (crash: CrashData) => crash.js_large_allocation_failure === "Reporting";

/** What tells that memory ran out, where no size of an allocation is given. */
function signOf(crash: CrashData, signature: string): string | undefined {
  if (signature === "") return undefined;
  const name = FUNCTIONS.find((candidate) => signature.includes(candidate));
  if (name !== undefined) return `the signature has ${name}`;
  if (REASONS.includes(crash.reason)) return `the crash reason is ${crash.reason}`;
  const thread = recordOf(listOf(crash.threads)[crashingThread(crash.crashing_thread)]);
  const lastError = thread["last_error_value"];
  if (LAST_ERRORS.includes(lastError)) return `the thread's last error is ${lastError}`;
  return failedLargeInJs(crash) ? "a large allocation of JavaScript failed" : undefined;
}

/** A number without its fraction, or what Python's `int` takes for one. */
function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value !== "string" || !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value)) return undefined;
  return Number(value.replaceAll("_", ""));
}
