import type { ServerResponse } from "node:http";
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/** What clients are told whose requests Node refuses before there is a request. */
const replies: Readonly<Record<string, string>> = {
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
  HPE_HEADER_OVERFLOW: "431 Request Header Fields Too Large",
};
/** What such a client still sends is read away for so long, ms, and up to so many bytes: else it never sees the reply. */
const LINGER_MS = 2000;
const LINGER_BYTES = 8 * 1024 * 1024;

/** The last answer of each connection. */
const answers = new WeakMap<Socket, ServerResponse>();

/** Notes which answer a connection waits for, so that {@link answerClientError} does not cut it off. */
export function noteAnswers(server: FastifyInstance): void {
  server.addHook("onRequest", (request, reply, done) => {
    answers.set(request.raw.socket, reply.raw);
    done();
  });
}

/**
 * Answers a request that is none, or takes too long, and closes its connection. When a good one was before it, as with a
 * body that is longer than its Content-Length says, that one is answered whole and the rest is passed over.
 */
export function answerClientError(error: NodeJS.ErrnoException, socket: Socket): void {
  const answer = answers.get(socket);
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const status = replies[error.code ?? ""] ?? "400 Bad Request";
  // Only a request that came whole is answered.
  if (answer?.req.complete && !answer.writableFinished) answer.once("close", () => linger(socket, ""));
  else linger(socket, `HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}

function linger(socket: Socket, reply: string): void {
  socket.end(reply);
  let left = LINGER_BYTES;
  socket.removeAllListeners("data");
  socket.on("data", (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) socket.destroy();
  });
  socket.on("error", () => socket.destroy());
  socket.resume();
  setTimeout(() => socket.destroy(), LINGER_MS).unref();
}
