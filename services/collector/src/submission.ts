import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { type CrashId, MaydayError, newCrashId, parseCrashId } from "@mayday/crash";
import type { Logger, Metrics } from "@mayday/observability";
import type { Publisher } from "@mayday/queue";
import type { CrashStorage } from "@mayday/storage";
import { type ThrottleContext, type ThrottleRule, throttle, throttleDigit } from "@mayday/throttle";
import { type Body, inflateBody, readBody } from "./body.ts";
import { boundaryOf } from "./content-type.ts";
import { type CrashReport, readCrashReport } from "./crash-report.ts";
import { rawCrashOf } from "./raw-crash.ts";

/** What the collector works with. Time and chance are given, so that tests can choose them. */
export interface CollectorParts {
  readonly storage: CrashStorage;
  readonly publisher: Publisher;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly rules: readonly ThrottleRule[];
  readonly throttleContext: Omit<ThrottleContext, "now">;
  readonly limits: { readonly maxBodyBytes: number; readonly maxInflatedBytes: number };
  /** Empty: nobody may name crash ids. */
  readonly resubmitterToken: string;
  /** Lets few handle inflated bodies at a time: a small body may become a large one, and is held until it is saved. */
  readonly inflating: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  readonly random: () => number;
}

/** What the client is told. */
export type Verdict =
  | { readonly kind: "accepted"; readonly crashId: CrashId }
  | { readonly kind: "rejected"; readonly rule: string };

const SAVE_ATTEMPTS = 3;

/**
 * Takes one crash report: read, throttle, save, queue. When it returns an accepted report is durable.
 * @throws {MaydayError} a MALFORMED_ code, BODY_TOO_LARGE, UNAUTHORIZED_UUID, SAVE_FAILED
 */
export async function receive(request: IncomingMessage, parts: CollectorParts): Promise<Verdict> {
  const boundary = boundaryOf(request.headers["content-type"]);
  const received = await readBody(request, parts.limits.maxBodyBytes);
  const handle = async () =>
    take(request, boundary, await inflateBody(received, parts.limits.maxInflatedBytes), parts);
  return received.compressed ? parts.inflating(handle) : handle();
}

async function take(
  request: IncomingMessage,
  boundary: string,
  body: Body,
  parts: CollectorParts,
): Promise<Verdict> {
  const report = readCrashReport(body.bytes, boundary);
  const now = parts.now();
  const decision = throttle(report.annotations, parts.rules, { ...parts.throttleContext, now }, parts.random);
  const named = namedCrashId(report, request.headers.authorization, parts.resubmitterToken);
  parts.metrics.observe("collector_report_bytes", {}, body.receivedBytes);
  parts.metrics.count("collector_throttle_total", { rule: decision.rule });
  parts.metrics.count("collector_reports_total", { outcome: decision.result });
  if (decision.result === "reject") return { kind: "rejected", rule: decision.rule };

  const crashId = named ?? newCrashId(randomUUID(), now, throttleDigit[decision.result]);
  parts.log.info({ crashId, rule: decision.rule, result: decision.result }, "throttled");
  if (decision.result === "fakeaccept") return { kind: "accepted", crashId };

  const userAgent = request.headers["user-agent"];
  const raw = rawCrashOf(crashId, report, { body, userAgent, decision, now });
  await save(raw, report, parts);
  await publish(crashId, parts);
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

async function save(
  raw: Parameters<CrashStorage["saveReport"]>[0],
  report: CrashReport,
  parts: CollectorParts,
) {
  const started = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      await parts.storage.saveReport(raw, report.dumps);
      parts.metrics.observe("collector_save_seconds", {}, (performance.now() - started) / 1000);
      return;
    } catch (error) {
      parts.log.error({ crashId: raw.uuid, attempt, err: error }, "could not save");
      if (attempt === SAVE_ATTEMPTS) throw new MaydayError("SAVE_FAILED", undefined, { cause: error });
    }
  }
}

/** The queue is a hint: a crash that could not be queued is found by the sweep, so the client need not know. */
async function publish(crashId: CrashId, { publisher, log, metrics }: CollectorParts) {
  try {
    await publisher.publishCrash("standard", crashId);
  } catch (error) {
    metrics.count("collector_publish_failures_total", {});
    log.warn({ crashId, err: error }, "saved but not queued; the sweep will");
  }
}
