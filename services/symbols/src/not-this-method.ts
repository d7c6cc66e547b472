import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { sendJson } from "./send-json.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/** Answers the methods that an address does not have, in Tecken's words. */
export function notThisMethod(server: FastifyInstance, url: string, has: readonly HTTPMethods[]): void {
  server.route({
    method: METHODS.filter((method) => !has.includes(method)),
    url,
    handler: (request, reply) => sendNotAllowed(request, reply, has),
  });
}

function sendNotAllowed(
  request: FastifyRequest,
  reply: FastifyReply,
  has: readonly HTTPMethods[],
): FastifyReply {
  request.raw.resume();
  const path = request.url.split("?")[0];
  return sendJson(reply.code(405).header("allow", has.join(", ")), {
    error: `Method Not Allowed (${request.method}): ${path}`,
  });
}
