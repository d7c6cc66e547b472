import type { FastifyReply } from "fastify";

/** Answers with JSON whose type names no charset, as the peers' do. */
export function sendJson(reply: FastifyReply, value: unknown): FastifyReply {
  return reply.header("content-type", "application/json").send(Buffer.from(JSON.stringify(value)));
}
