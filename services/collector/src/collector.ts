import type { IncomingMessage, ServerResponse } from "node:http";
import { addHealthRoutes, type HealthChecks } from "@mayday/service";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { answerClientError, noteAnswers } from "./client-error.ts";
import {
  type CollectorParts,
  receiveReport,
  receiveUnrealReport,
  type Verdict,
} from "./intake/receive-report.ts";
import type { PingAddress } from "./pings/crash-ping.ts";
import { receivePing } from "./pings/receive-ping.ts";
import { type Refusal, refusalOf } from "./refusal.ts";

/** Of a body that is too large so many times the limit is read to its end. */
const DRAINED_BODIES = 4;
/** How often Node looks for requests that are over their time, ms; a client waits so much longer at most. */
const TIMEOUTS_CHECKED_EVERY_MS = 1000;

/** The collector's HTTP face. */
export function createCollector(
  parts: CollectorParts,
  checks: HealthChecks,
  requestTimeoutMs: number,
): FastifyInstance {
  const server = Fastify({
    logger: false,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: 620_000,
    routerOptions: { ignoreTrailingSlash: true, ignoreDuplicateSlashes: true },
    http: {
      connectionsCheckingInterval: TIMEOUTS_CHECKED_EVERY_MS,
      // Node forgets the time of a whole request when that of its headers is longer (24.21: no body ever timed out).
      headersTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
    },
    clientErrorHandler: answerClientError,
  });
  noteAnswers(server);
  refuseBeforeBody(server, parts.limits.maxBodyBytes);
  // Answered before Fastify looks at the body: it would refuse odd content types in words of its own.
  const post = (url: string, onRequest: (request: FastifyRequest, reply: FastifyReply) => unknown) => {
    server.post(url, { onRequest: async (request, reply) => onRequest(request, reply) }, (_, reply) => reply);
    server.route({
      method: ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"],
      url,
      handler: (_request, reply) => reply.code(405).header("allow", "POST").send(),
    });
  };
  post("/submit", (request, reply) => answerReport(request, reply, receiveReport, parts));
  post("/submit/unreal", (request, reply) => answerReport(request, reply, receiveUnrealReport, parts));
  post("/submit/:application/crash/:version/:documentId", (request, reply) =>
    answerPing(request, reply, "glean", parts),
  );
  post("/submit/:application/deletion-request/:version/:documentId", (request, reply) =>
    answerPing(request, reply, "glean", parts, "deletion"),
  );
  post("/submit/telemetry/:documentId/crash/:application/:version/:channel/:buildId", (request, reply) =>
    answerPing(request, reply, "telemetry", parts),
  );
  server.setNotFoundHandler((_request, reply) =>
    reply.code(404).type("text/plain; charset=utf-8").send("Not found. Crash reports go to POST /submit\n"),
  );
  addHealthRoutes(server, checks, parts.metrics);
  return server;
}

/** A client that asks before it sends its body (`Expect: 100-continue`) is told before it that it will not fit. */
function refuseBeforeBody(server: FastifyInstance, maxBytes: number): void {
  server.server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    const isTooLarge = Number(request.headers["content-length"] ?? 0) > maxBytes;
    // It may send the body or not: what comes next on the connection is anybody's guess.
    if (isTooLarge) response.setHeader("connection", "close");
    else response.writeContinue();
    server.server.emit("request", request, response);
  });
}

async function answerReport(
  request: FastifyRequest,
  reply: FastifyReply,
  receive: (request: IncomingMessage, parts: CollectorParts) => Promise<Verdict>,
  parts: CollectorParts,
): Promise<FastifyReply> {
  reply.type("text/plain; charset=utf-8");
  const from = Date.now();
  try {
    const verdict = await receive(request.raw, parts);
    if (verdict.kind === "rejected") return reply.send(`Discarded=rule_${verdict.rule}`);
    parts.traces?.tell({ name: "receive", crashId: verdict.crashId, from, to: Date.now() });
    return reply.send(`CrashID=bp-${verdict.crashId}\n`);
  } catch (error) {
    const refusal = refusalOf(error, request.raw);
    const { outcome, reason } = refusal;
    parts.metrics.count("collector_reports_total", { outcome });
    if (outcome === "malformed") parts.metrics.count("collector_malformed_total", { reason });
    return refuse(error, refusal, request, reply, parts);
  }
}

async function answerPing(
  request: FastifyRequest,
  reply: FastifyReply,
  kind: PingAddress["kind"],
  parts: CollectorParts,
  asks?: "deletion",
): Promise<FastifyReply> {
  reply.type("text/plain; charset=utf-8");
  try {
    const { documentId = "", ...address } = request.params as Record<string, string>;
    const outcome = await receivePing(request.raw, { kind, documentId, ...address }, parts, asks);
    parts.metrics.count("collector_pings_total", { kind, outcome });
    return reply.send("");
  } catch (error) {
    const refusal = refusalOf(error, request.raw);
    parts.metrics.count("collector_pings_total", { kind, outcome: refusal.outcome });
    return refuse(error, refusal, request, reply, parts);
  }
}

function refuse(
  error: unknown,
  { outcome, status, text, reason, retryAfterSeconds }: Refusal,
  request: FastifyRequest,
  reply: FastifyReply,
  { log, limits }: CollectorParts,
): FastifyReply {
  if (outcome === "failed") log.error({ err: error }, "could not take a report");
  else log.info({ reason, detail: (error as Error).message, url: request.url }, "refused a report");
  if (!request.raw.complete) {
    drain(request.raw, limits.maxBodyBytes * DRAINED_BODIES);
  }
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return reply.code(status).send(text);
}

/**
 * Reads away what still comes: a client that is cut off while it sends never sees the reply. One that sends on and on
 * is cut off all the same.
 */
function drain(request: IncomingMessage, mostBytes: number): void {
  let left = mostBytes;
  request.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
