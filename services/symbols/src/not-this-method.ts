import type { FastifyInstance, FastifyReply, FastifyRequest, HTTPMethods } from "fastify";
import { sendJson } from "./send-json.ts";

const METHODS: readonly HTTPMethods[] = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

/**
 * Answers the methods that an address does not have, in Tecken's words.
 * @param isAddress whether what stands in the pattern's places makes an address that there is
 */
export function notThisMethod(
  server: FastifyInstance,
  url: string,
  has: readonly HTTPMethods[],
  isAddress: (parameters: unknown) => boolean = () => true,
): void {
  server.route({
    method: METHODS.filter((method) => !has.includes(method)),
    url,
    handler: (request, reply) =>
      isAddress(request.params) ? sendNotAllowed(request, reply, has) : reply.callNotFound(),
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
