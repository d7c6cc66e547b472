import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const FORM = "application/x-www-form-urlencoded";

/** Reads the bodies of forms. A form whose token is not that of the page it came from is refused. */
export function addForms(server: FastifyInstance): void {
  server.addContentTypeParser(FORM, { parseAs: "string" }, async (_request: FastifyRequest, body: string) => {
    return new URLSearchParams(body);
  });
}

/** A form's fields. */
export const formOf = (request: FastifyRequest): URLSearchParams =>
  request.body instanceof URLSearchParams ? request.body : new URLSearchParams();

/** The token that a page's forms carry; its other half goes into a cookie. */
export const csrfFor = (reply: FastifyReply): string => reply.generateCsrf();

/** An address of ours that somebody wanted to be brought to; the start page for any other text. */
export function ownAddress(text: string | null | undefined): string {
  const isOwn = text?.startsWith("/") && !/^\/[/\\]/.test(text) && !/[\p{Cc}\\]/u.test(text);
  return isOwn ? text! : "/";
}
