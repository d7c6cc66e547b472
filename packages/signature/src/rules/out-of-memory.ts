import type { CrashData } from "../crash-data.ts";
import { listOf, recordOf } from "../json-value.ts";
import type { SignatureRule } from "../signature-rule.ts";
import { crashingThread } from "./signature-generation.ts";

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
    const largeInJs = crash.js_large_allocation_failure === "Reporting";
    const size = crash.oom_allocation_size;
    const suspected = signature !== "" && (largeInJs || looksOutOfMemory(crash, signature));
    if (!size && !suspected) return undefined;
    if (largeInJs) return { signature: `OOM | large | ${signature}` };
    const bytes = wholeNumber(size);
    if (bytes === undefined) return { signature: `OOM | unknown | ${signature}` };
    if (bytes <= LARGEST_SMALL_ALLOCATION) return { signature: "OOM | small" };
    return { signature: `OOM | large | ${signature}` };
  },
};

function looksOutOfMemory(crash: CrashData, signature: string): boolean {
  if (FUNCTIONS.some((name) => signature.includes(name)) || REASONS.includes(crash.reason)) return true;
  const thread = recordOf(listOf(crash.threads)[crashingThread(crash.crashing_thread)]);
  return LAST_ERRORS.includes(thread["last_error_value"]);
}

/** A number without its fraction, or what Python's `int` takes for one. */
function wholeNumber(value: unknown): number | undefined {
  if (typeof value === "number" && Number.isFinite(value)) return Math.trunc(value);
  if (typeof value !== "string" || !/^\s*[+-]?\d+(?:_\d+)*\s*$/.test(value)) return undefined;
  return Number(value.replaceAll("_", ""));
}
