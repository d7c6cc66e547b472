import type { IncomingMessage } from "node:http";
import { MaydayError } from "@mayday/crash";
import { addHealthRoutes, type HealthChecks } from "@mayday/observability";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { type CollectorParts, receive } from "./submission.ts";

/** Of a body that is too large so many times the limit is read to its end. */
const DRAINED_BODIES = 4;

/** When a client whose report could not be kept may come again. */
const RETRY_AFTER_SECONDS = 60;

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
  });
  // Answered before Fastify looks at the body: it would refuse odd content types in words of its own.
  const onRequest = (request: FastifyRequest, reply: FastifyReply) => answer(request, reply, parts);
  server.post("/submit", { onRequest }, (_request, reply) => reply);
  server.route({
    method: ["GET", "PUT", "PATCH", "DELETE", "OPTIONS"],
    url: "/submit",
    handler: (_request, reply) => reply.code(405).header("allow", "POST").send(),
  });
  addHealthRoutes(server, checks, parts.metrics);
  return server;
}

async function answer(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: CollectorParts,
): Promise<FastifyReply> {
  reply.type("text/plain; charset=utf-8");
  try {
    const verdict = await receive(request.raw, parts);
    if (verdict.kind === "rejected") return reply.send(`Discarded=rule_${verdict.rule}`);
    return reply.send(`CrashID=bp-${verdict.crashId}\n`);
  } catch (error) {
    return refuse(error, request, reply, parts);
  }
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
}

/** The replies of Antenna's protocol for reports that are not taken. */
function refuse(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: CollectorParts,
): FastifyReply {
  const { metrics, log } = parts;
  if (request.raw.destroyed && !request.raw.complete) {
    metrics.count("collector_reports_total", { outcome: "aborted" });
    log.info("a client hung up before its report was whole");
    return reply.code(400).send("");
  }
  if (!(error instanceof MaydayError) || error.code === "SAVE_FAILED" || error.code === "OVERLOADED") {
    metrics.count("collector_reports_total", { outcome: "failed" });
    log.error({ err: error }, "could not take a report");
    const overloaded = error instanceof MaydayError && error.code === "OVERLOADED";
    if (overloaded) reply.header("retry-after", RETRY_AFTER_SECONDS);
    return reply.code(overloaded ? 503 : 500).send("");
  }
  if (error.code === "BODY_TOO_LARGE") {
    drain(request.raw, parts.limits.maxBodyBytes * DRAINED_BODIES);
  }
  const reason = error.code.toLowerCase();
  metrics.count("collector_reports_total", { outcome: "malformed" });
  metrics.count("collector_malformed_total", { reason });
  log.info({ reason, detail: error.message }, "refused a report");
  return reply.code(error.httpStatus).send(error.code === "BODY_TOO_LARGE" ? "" : `Discarded=${reason}`);
}
