import type { FastifyReply, FastifyRequest } from "fastify";

const EXPOSED =
  "accept, accept-encoding, authorization, content-type, dnt, origin, user-agent, x-csrftoken, x-requested-with";

/** Lets pages of other origins, such as the Firefox Profiler, read an answer. */
export function allowOrigin(request: FastifyRequest, reply: FastifyReply): void {
  if (request.headers.origin === undefined) return;
  reply.header("access-control-allow-origin", "*").header("access-control-expose-headers", EXPOSED);
}

/** Answers OPTIONS: to a browser's question before its request what it may send, else which methods there are. */
export function answerOptions(request: FastifyRequest, reply: FastifyReply, methods: string): FastifyReply {
  const asked = request.headers["access-control-request-method"] !== undefined;
  if (request.headers.origin === undefined || !asked) reply.header("allow", methods);
  else {
    reply
      .header("access-control-allow-methods", methods)
      .header("access-control-allow-headers", request.headers["access-control-request-headers"] ?? "*")
      .header("access-control-max-age", "86400");
  }
  return reply.code(200).header("content-type", "application/json").send(Buffer.alloc(0));
}
