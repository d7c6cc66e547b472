import type { FastifyReply } from "fastify";

/** Pages run no script but our own files and load nothing from elsewhere, whatever a client managed to get into them. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join("; ");

/** Answers with a page. Pages hold crashes that not everybody may see and that change: nobody keeps them. */
export function sendPage(reply: FastifyReply, status: number, page: string): FastifyReply {
  return reply
    .code(status)
    .header("content-type", "text/html; charset=utf-8")
    .header("content-security-policy", POLICY)
    .header("cache-control", "private, no-cache")
    .send(page);
}
