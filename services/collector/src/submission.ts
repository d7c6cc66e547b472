import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type CrashId, MaydayError, newCrashId, parseCrashId } from "@mayday/crash";
import { reportObjects } from "@mayday/storage";
import { type ThrottleContext, type ThrottleRule, throttle, throttleDigit } from "@mayday/throttle";
import { type AnnotationNames, withOurNames } from "./annotation-names.ts";
import { type Body, inflated, withBody } from "./body.ts";
import { freeNow } from "./body-memory.ts";
import { boundaryOf } from "./content-type.ts";
import { type CrashReport, readCrashReport } from "./crash-report.ts";
import { type KeepParts, keep } from "./keep.ts";
import type { MemoryBudget } from "./memory-budget.ts";
import { rawCrashOf } from "./raw-crash.ts";

/** What the collector works with. Time and chance are given, so that tests can choose them. */
export interface CollectorParts extends KeepParts {
  readonly rules: readonly ThrottleRule[];
  readonly throttleContext: Omit<ThrottleContext, "now">;
  /** What other clients call our annotations. */
  readonly annotationNames: AnnotationNames;
  readonly limits: {
    readonly maxBodyBytes: number;
    readonly maxInflatedBytes: number;
    readonly maxPingBytes: number;
  };
  /** Empty: nobody may name crash ids. */
  readonly resubmitterToken: string;
  readonly memory: MemoryBudget;
  /** Lets few inflate bodies at a time: a small body may become a large one before it is known how large. */
  readonly inflating: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  readonly random: () => number;
}

/** What the client is told. */
export type Verdict =
  | { readonly kind: "accepted"; readonly crashId: CrashId }
  | { readonly kind: "rejected"; readonly rule: string };

/**
 * Takes one crash report: read, throttle, keep. When it returns an accepted report is durable.
 * @throws {MaydayError} a MALFORMED_ code, BODY_TOO_LARGE, UNAUTHORIZED_UUID, OVERLOADED, SAVE_FAILED
 */
export function receive(request: IncomingMessage, parts: CollectorParts): Promise<Verdict> {
  const { limits, memory, inflating } = parts;
  const boundary = boundaryOf(request.headers["content-type"]);
  return withBody(request, limits.maxBodyBytes, memory, async (received, share) => {
    // Crashpad sends chunked bodies without a length; Antenna would refuse them, and Crashpad never tries again.
    if (received.bytes.length === 0) throw new MaydayError("MALFORMED_NO_CONTENT_LENGTH");
    const receivedBytes = received.bytes.length;
    if (!received.compressed) return take(request, boundary, { ...received, receivedBytes }, parts);
    const bytes = await inflating(() => inflated(received.bytes, limits.maxInflatedBytes));
    share.add(bytes.length);
    try {
      return await take(request, boundary, { bytes, compressed: true, receivedBytes }, parts);
    } finally {
      freeNow(bytes);
    }
  });
}

async function take(
  request: IncomingMessage,
  boundary: string,
  body: Body,
  parts: CollectorParts,
): Promise<Verdict> {
  const report = withOurNames(readCrashReport(body.bytes, boundary), parts.annotationNames);
  const now = parts.now();
  const decision = throttle(report.annotations, parts.rules, { ...parts.throttleContext, now }, parts.random);
  const named = namedCrashId(report, request.headers.authorization, parts.resubmitterToken);
  parts.metrics.observe("collector_report_bytes", {}, body.receivedBytes);
  parts.metrics.count("collector_throttle_total", { rule: decision.rule, result: decision.result });
  parts.metrics.count("collector_reports_total", { outcome: decision.result });
  const { result, rule, percent } = decision;
  if (result === "reject") {
    parts.log.info({ rule, result }, "throttled");
    return { kind: "rejected", rule };
  }
  const crashId = named ?? newCrashId(randomUUID(), now, throttleDigit[result]);
  parts.log.info({ crashId, rule, result, percent }, "throttled");
  if (result === "fakeaccept") return { kind: "accepted", crashId };

  const userAgent = request.headers["user-agent"];
  const raw = rawCrashOf(crashId, report, { body, userAgent, decision, now });
  await keep({ queue: "standard", id: crashId, objects: reportObjects(raw, report.dumps) }, parts);
  return { kind: "accepted", crashId };
}

/** The crash id that a trusted resubmitter gives. */
function namedCrashId(
  { annotations }: CrashReport,
  authorization: string | undefined,
  token: string,
): CrashId | undefined {
  if (annotations["uuid"] === undefined) return undefined;
  if (!isTrusted(authorization, token)) throw new MaydayError("UNAUTHORIZED_UUID");
  const named = parseCrashId(String(annotations["uuid"]));
  // A collector knows accepted and deferred crashes only.
  if (named === undefined || !/[01]\d{6}$/.test(named)) throw new MaydayError("MALFORMED_INVALID_UUID");
  return named;
}

function isTrusted(authorization: string | undefined, token: string): boolean {
  if (token === "" || authorization === undefined) return false;
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
