import { randomUUID, timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";
import { type CrashId, collectionDay, newCrashId, parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { Traces } from "@mayday/observability";
import { type ObjectStore, reportObjects, type StoredObject } from "@mayday/storage";
import { type ThrottleContext, type ThrottleRule, throttle, throttleDigit } from "@mayday/throttle";
import { type KeepParts, keep } from "../journal/keep.ts";
import { type AnnotationNames, withOurNames } from "./annotation-names.ts";
import { withBody } from "./body.ts";
import { codingsOf, decoded } from "./content-encoding.ts";
import { boundaryOf } from "./content-type.ts";
import { type CrashReport, readCrashReport } from "./crash-report.ts";
import { type AsideParts, type LargeBodies, withLargeBody } from "./large-body.ts";
import type { MemoryBudget, Share } from "./memory-budget.ts";
import { rawCrashOf } from "./raw-crash.ts";
import { readUnrealReport } from "./unreal.ts";
import type { Unwrap } from "./unwrap.ts";

/** What the collector works with. Time and chance are given, so that tests can choose them. */
export interface CollectorParts extends KeepParts {
  readonly traces?: Pick<Traces, "tell">;
  readonly rules: readonly ThrottleRule[];
  readonly throttleContext: Omit<ThrottleContext, "now">;
  /** What other clients call our annotations. */
  readonly annotationNames: AnnotationNames;
  readonly largeBodies: LargeBodies;
  readonly limits: {
    readonly maxBodyBytes: number;
    readonly maxInflatedBytes: number;
    readonly maxPingBytes: number;
  };
  /** Empty: nobody may name crash ids. */
  readonly resubmitterToken: string;
  readonly memory: MemoryBudget;
  /** Lets few decompress at a time: a small body may become a large one before it is known how large. */
  readonly inflating: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => Date;
  readonly random: () => number;
}

/** What the client is told. */
export type Verdict =
  | { readonly kind: "accepted"; readonly crashId: CrashId }
  | { readonly kind: "rejected"; readonly rule: string };

type ReadReport = (body: Buffer, unwrapping: Unwrap) => Promise<CrashReport>;

/**
 * Takes one crash report that came as a form: read, throttle, keep. When it returns an accepted report is durable.
 * @throws {MaydayError} a MALFORMED_ code, BODY_TOO_LARGE, UNAUTHORIZED_UUID, OVERLOADED, SAVE_FAILED
 */
export async function receiveReport(request: IncomingMessage, parts: CollectorParts): Promise<Verdict> {
  const boundary = boundaryOf(request.headers["content-type"]);
  return receive(request, parts, (body, unwrapping) => readCrashReport(body, boundary, unwrapping), boundary);
}

/** Takes one crash report of Unreal Engine's CrashReportClient; as {@link receiveReport}. */
export function receiveUnrealReport(request: IncomingMessage, parts: CollectorParts): Promise<Verdict> {
  const { searchParams } = new URL(request.url ?? "/", "http://collector");
  return receive(request, parts, (body, unwrapping) => readUnrealReport(body, searchParams, unwrapping));
}

/** @param boundary of a body whose large parts may stay in a file; others must fit into memory */
async function receive(
  request: IncomingMessage,
  parts: CollectorParts,
  read: ReadReport,
  boundary?: string,
): Promise<Verdict> {
  const { limits, memory, inflating, largeBodies } = parts;
  const codings = codingsOf(request.headers["content-encoding"]);
  const bodyLimits = {
    maxBytes: limits.maxBodyBytes,
    ...(boundary === undefined ? {} : { memoryBytes: largeBodies.memoryBytes }),
  };
  return withBody(request, bodyLimits, memory, async (received, share, rest) => {
    if (rest !== undefined && boundary !== undefined)
      return receiveLarge(request, { received, rest, codings }, boundary, share, parts);
    // Crashpad sends chunked bodies without a length; Antenna would refuse them, and Crashpad never tries again.
    if (received.length === 0) throw new MaydayError("MALFORMED_NO_CONTENT_LENGTH");
    const compressed = codings.length > 0;
    const mostBytes = Math.min(limits.maxInflatedBytes, bodyLimits.memoryBytes ?? Number.POSITIVE_INFINITY);
    const body = compressed
      ? await inflating(() => decoded(received, codings, mostBytes)).catch((error) => {
          if (boundary === undefined || mostBytes === limits.maxInflatedBytes || !isTooLarge(error))
            throw error;
          return undefined;
        })
      : received;
    if (body === undefined) {
      const whole = { received, rest: Readable.from([]), codings };
      return receiveLarge(request, whole, boundary!, share, parts);
    }
    if (compressed) share.add(body.length);
    const unwrapping: Unwrap = {
      maxBytes: limits.maxInflatedBytes - (compressed ? body.length : 0),
      onBytes: (bytes) => share.add(bytes),
    };
    const report = withOurNames(await read(body, unwrapping), parts.annotationNames);
    return take(request, report, { receivedBytes: received.length, compressed }, parts);
  });
}

const isTooLarge = (error: unknown) => error instanceof MaydayError && error.code === "BODY_TOO_LARGE";

/** A report whose largest files go from a file to storage. */
function receiveLarge(
  request: IncomingMessage,
  body: Parameters<typeof withLargeBody>[0],
  boundary: string,
  share: Share,
  parts: CollectorParts,
): Promise<Verdict> {
  const { limits, largeBodies } = parts;
  const most = { received: limits.maxBodyBytes, decoded: limits.maxInflatedBytes };
  return withLargeBody(body, boundary, most, largeBodies, async (shortened, receivedBytes) => {
    share.add(shortened.bytes.length);
    const unwrapping: Unwrap = { maxBytes: largeBodies.memoryBytes, onBytes: (bytes) => share.add(bytes) };
    const report = await readCrashReport(shortened.bytes, boundary, unwrapping);
    const aside = await shortened.asideOf(report.dumps.values());
    const compressed = body.codings.length > 0;
    return take(
      request,
      withOurNames(report, parts.annotationNames),
      { receivedBytes, compressed },
      parts,
      aside,
    );
  });
}

async function take(
  request: IncomingMessage,
  report: CrashReport,
  body: { receivedBytes: number; compressed: boolean },
  parts: CollectorParts,
  aside: AsideParts = new Map(),
): Promise<Verdict> {
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
  const sha256Of = (file: Uint8Array) => aside.get(file)?.sha256;
  const raw = rawCrashOf(crashId, report, { ...body, userAgent, decision, now, sha256Of });
  const all = reportObjects(raw, report.dumps);
  const large = all.filter(({ bytes }) => aside.has(bytes));
  const objects = large.length === 0 ? all : all.filter(({ bytes }) => !aside.has(bytes));
  // Too large for the journal: they are in storage before it has the rest, which shows that all is there.
  await putAside(large, aside, parts.store);
  await keep(crashId, { crashId, objects }, parts).catch(async (error) => {
    // The client will come again, under another id.
    await parts.store.delete(large.map(({ key }) => key)).catch(() => undefined);
    throw error;
  });
  return { kind: "accepted", crashId };
}

/** @throws {MaydayError} OVERLOADED when storage does not take them: nothing else can hold them meanwhile */
async function putAside(
  objects: readonly StoredObject[],
  aside: AsideParts,
  store: ObjectStore,
): Promise<void> {
  try {
    for (const { key, bytes } of objects) await store.putStream(key, aside.get(bytes)!.open());
  } catch (cause) {
    throw new MaydayError("OVERLOADED", undefined, { cause });
  }
}

/** The crash id that a trusted resubmitter gives. */
function namedCrashId(
  { annotations }: CrashReport,
  authorization: string | undefined,
  token: string,
): CrashId | undefined {
  const uuid = annotations["uuid"];
  if (uuid === undefined) return undefined;
  if (!isTrusted(authorization, token)) throw new MaydayError("UNAUTHORIZED_UUID");
  const named = typeof uuid === "string" ? parseCrashId(uuid) : undefined;
  // A collector knows accepted and deferred crashes only.
  if (named === undefined || !/[01]\d{6}$/.test(named) || !isDay(collectionDay(named))) {
    throw new MaydayError("MALFORMED_INVALID_UUID");
  }
  return named;
}

/** Whether there is such a day, `YYYYMMDD`. */
function isDay(day: string): boolean {
  const text = `${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}`;
  const time = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(time.getTime()) && time.toISOString().startsWith(text);
}

function isTrusted(authorization: string | undefined, token: string): boolean {
  if (token === "" || authorization === undefined) return false;
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${token}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
