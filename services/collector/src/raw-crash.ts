import { hash } from "node:crypto";
import { type CollectorMetadata, type CrashId, type RawCrash, timestamp } from "@mayday/crash";
import type { WrittenRawCrash } from "@mayday/storage";
import type { ThrottleDecision } from "@mayday/throttle";
import type { Body } from "./body.ts";
import type { CrashReport } from "./crash-report.ts";
import { writtenMembers } from "./json-members.ts";

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
): WrittenRawCrash {
  const { body, userAgent, decision, now } = submission;
  const removed = NEVER_KEPT.filter((name) => Object.hasOwn(report.annotations, name));
  const metadata: CollectorMetadata = {
    payload: report.payload,
    payload_compressed: body.compressed ? "1" : "0",
    payload_size: body.receivedBytes,
    collector_notes: [...report.notes, ...removed.map((name) => `Removed ${name} from raw crash.`)],
    dump_checksums: Object.fromEntries(
      [...report.dumps].map(([name, bytes]) => [name, hash("sha256", bytes)]),
    ),
    user_agent: userAgent ?? "None",
    throttle_rule: decision.rule,
    throttle_percent: decision.percent,
  };
  const ours = { uuid: crashId, version: 2, submitted_timestamp: timestamp(now), metadata } as const;
  const text = asItCame(report, removed, ours) ?? JSON.stringify(withoutAndWith(report, removed, ours));
  return { id: crashId, dumpChecksums: metadata.dump_checksums, json: Buffer.from(text) };
}

type Ours = Pick<RawCrash, "uuid" | "version" | "submitted_timestamp" | "metadata">;

/** Annotations that came as JSON, as they are written there; undefined when they must be written anew. */
function asItCame({ json, annotations }: CrashReport, removed: string[], ours: Ours): string | undefined {
  if (json === undefined || Object.keys(ours).some((name) => Object.hasOwn(annotations, name)))
    return undefined;
  const members = writtenMembers(json, annotations, removed);
  if (members === undefined || members.trim() === "") return undefined;
  return `{${members},${JSON.stringify(ours).slice(1)}`;
}

function withoutAndWith({ annotations }: CrashReport, removed: string[], ours: Ours): RawCrash {
  const kept = { ...annotations };
  for (const name of removed) delete kept[name];
  return { ...kept, ...ours };
}
