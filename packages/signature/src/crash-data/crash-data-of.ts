import { type AsRead, isExactNumber, type ProcessedCrash } from "@mayday/crash";
import type { CrashData, CrashThread } from "./crash-data.ts";
import { listOf, recordOf } from "./json-value.ts";

/** Fields of a processed crash that are crash data under the same name. */
export const crashDataFields = [
  "java_stack_trace",
  "java_exception",
  "oom_allocation_size",
  "js_large_allocation_failure",
  "abort_message",
  "hang",
  "async_shutdown_timeout",
  "ipc_channel_error",
  "ipc_message_name",
  "additional_minidumps",
  "mdsw_status_string",
] as const satisfies readonly (keyof CrashData)[];

/**
 * Picks what signature generation needs out of a processed crash: the stack and the crash's reason from
 * `json_dump` (the stackwalker's output), the rest from fields of the same names. Values are not checked.
 */
export function crashDataOf(processedCrash: AsRead<ProcessedCrash>): CrashData {
  const dump = recordOf(processedCrash["json_dump"]);
  const crashInfo = recordOf(dump["crash_info"]);
  const fields: { -readonly [name in keyof CrashData]?: unknown } = {
    crashing_thread: crashInfo["crashing_thread"],
    reason: crashInfo["type"],
    os: recordOf(dump["system_info"])["os"],
    threads: listOf(dump["threads"]) as readonly CrashThread[],
  };
  for (const name of crashDataFields) fields[name] = digitsOf(processedCrash[name]);
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A number that JavaScript would write with other digits, as text: rules take sizes as either. */
function digitsOf(value: unknown): unknown {
  return isExactNumber(value) ? value.rawJSON : value;
}
