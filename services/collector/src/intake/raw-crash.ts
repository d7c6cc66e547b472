import { hash } from "node:crypto";
import { type CollectorMetadata, type CrashId, type SubmittedAnnotations, timestamp } from "@mayday/crash";
import type { WrittenRawCrash } from "@mayday/storage";
import type { ThrottleDecision } from "@mayday/throttle";
import type { CrashReport } from "./crash-report.ts";

/**
 * SubmittedAnnotations that are never kept. `Email` stopped being collected in 2021; the telemetry ids would join a crash to
 * what else is known of its user, and should not leave the client.
 */
const NEVER_KEPT = ["Email", "TelemetryClientId", "TelemetryServerURL", "TelemetrySessionId"];
/** Names of the collector's own. */
const OURS = ["metadata", "submitted_timestamp", "version"];

/** What is known of a submission besides the report. */
export interface Submission {
  /** How many bytes arrived. */
  readonly receivedBytes: number;
  readonly compressed: boolean;
  readonly userAgent: string | undefined;
  readonly decision: ThrottleDecision;
  readonly now: Date;
  /** Of files of which the report has but a beginning, in hexadecimal. */
  readonly sha256Of?: (file: Uint8Array) => string | undefined;
}

/** The raw crash to store for a report. */
export function rawCrashOf(crashId: CrashId, report: CrashReport, submission: Submission): WrittenRawCrash {
  const { receivedBytes, compressed, userAgent, decision, now, sha256Of } = submission;
  const { annotations, notes } = keptAnnotations(report.annotations);
  const hasAttachments = Object.keys(report.attachments).length > 0;
  const metadata: CollectorMetadata = {
    payload: report.payload,
    payload_compressed: compressed ? "1" : "0",
    payload_size: receivedBytes,
    collector_notes: [...report.notes, ...notes],
    dump_checksums: Object.fromEntries(
      [...report.dumps].map(([name, bytes]) => [name, sha256Of?.(bytes) ?? hash("sha256", bytes)]),
    ),
    ...(hasAttachments ? { attachments: report.attachments } : {}),
    user_agent: userAgent ?? "None",
    throttle_rule: decision.rule,
    throttle_percent: decision.percent,
  };
  const ours = { uuid: crashId, version: 2, submitted_timestamp: timestamp(now), metadata };
  const json = JSON.stringify({ ...annotations, ...ours });
  return { id: crashId, dumpChecksums: metadata.dump_checksums, json: Buffer.from(json) };
}

function keptAnnotations(given: SubmittedAnnotations): {
  annotations: SubmittedAnnotations;
  notes: string[];
} {
  const annotations: SubmittedAnnotations = { ...given };
  const notes: string[] = [];
  for (const name of NEVER_KEPT) {
    if (!Object.hasOwn(annotations, name)) continue;
    // Left out when it is written; to delete it would make writing all others slow.
    annotations[name] = undefined;
    notes.push(`Removed ${name} from raw crash.`);
  }
  for (const name of OURS) {
    // `version` is how some clients call Version.
    if (!Object.hasOwn(given, name) || given[name] === given["Version"]) continue;
    const kept = `client_${name}`;
    annotations[kept] ??= given[name];
    notes.push(`kept the client's ${name} as ${kept}`);
  }
  return { annotations, notes };
}
