import { hash } from "node:crypto";
import { type CrashId, type RawCrash, timestamp } from "@mayday/crash";
import type { ThrottleDecision } from "@mayday/throttle";
import type { Body } from "./body.ts";
import type { CrashReport } from "./crash-report.ts";

/**
 * Annotations that are never kept. `Email` stopped being collected in 2021; the telemetry ids would join a crash to
 * what else is known of its user, and should not leave the client.
 */
const NEVER_KEPT = ["Email", "TelemetryClientId", "TelemetryServerURL", "TelemetrySessionId"];

/** The raw crash to store for a report. */
export function rawCrashOf(
  crashId: CrashId,
  report: CrashReport,
  submission: { body: Body; userAgent: string | undefined; decision: ThrottleDecision; now: Date },
): RawCrash {
  const { body, userAgent, decision, now } = submission;
  const notes = [...report.notes];
  const kept = { ...report.annotations };
  for (const name of NEVER_KEPT) {
    if (!Object.hasOwn(kept, name)) continue;
    delete kept[name];
    notes.push(`Removed ${name} from raw crash.`);
  }
  return {
    ...kept,
    uuid: crashId,
    version: 2,
    submitted_timestamp: timestamp(now),
    metadata: {
      payload: report.payload,
      payload_compressed: body.compressed ? "1" : "0",
      payload_size: body.receivedBytes,
      collector_notes: notes,
      dump_checksums: Object.fromEntries(
        [...report.dumps].map(([name, bytes]) => [name, hash("sha256", bytes)]),
      ),
      user_agent: userAgent ?? "None",
      throttle_rule: decision.rule,
      throttle_percent: decision.percent,
    },
  };
}
