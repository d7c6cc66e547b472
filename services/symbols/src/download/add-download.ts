import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { isSymbolKey, type SymbolKey, type SymbolStorage } from "@mayday/storage";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

interface SymbolRoute {
  Params: { debugFile: string; debugId: string; symbolFile: string };
}

/** Adds `GET /<debug file>/<debug id>/<symbol file>`, as symbol servers answer it. */
export function addDownload(server: FastifyInstance, { storage }: { readonly storage: SymbolStorage }): void {
  server.addHook("onSend", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  server.route<SymbolRoute>({
    method: ["GET", "HEAD"],
    url: "/:debugFile/:debugId/:symbolFile",
    handler: (request, reply) => download(request, reply, storage),
  });
}

async function download(
  request: FastifyRequest<SymbolRoute>,
  reply: FastifyReply,
  storage: SymbolStorage,
): Promise<FastifyReply> {
  const { debugFile, debugId, symbolFile } = request.params;
  // Ids are asked for in either case; they are kept as dumpers write them, the age in lower case.
  const key: SymbolKey = {
    debugFile,
    debugId: debugId.slice(0, 32).toUpperCase() + debugId.slice(32).toLowerCase(),
    symbolFile,
  };
  const gzipped = isSymbolKey(key) ? await storage.getGzipped(key) : undefined;
  if (gzipped === undefined) return reply.code(404).type("text/plain").send("Symbol Not Found");
  reply.type("text/plain; charset=utf-8").header("vary", "accept-encoding");
  if (/\bgzip\b/.test(request.headers["accept-encoding"] ?? "")) {
    return reply.header("content-encoding", "gzip").send(gzipped);
  }
  return reply.send(Readable.from([gzipped]).pipe(createGunzip()));
}
