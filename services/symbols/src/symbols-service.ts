import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { addHealthRoutes, type Metrics } from "@mayday/observability";
import { isSymbolKey, type SymbolKey, type SymbolStorage } from "@mayday/storage";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";

interface SymbolRoute {
  Params: { debugFile: string; debugId: string; symbolFile: string };
}

/** Serves symbol files as symbol servers do: `GET /<debug file>/<debug id>/<symbol file>`. */
export function createSymbolsService(storage: SymbolStorage, metrics: Metrics): FastifyInstance {
  const server = Fastify({ logger: false, exposeHeadRoutes: true });
  server.addHook("onSend", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
  });
  server.get<SymbolRoute>("/:debugFile/:debugId/:symbolFile", (request, reply) =>
    download(request, reply, storage),
  );
  addHealthRoutes(server, { storage: () => storage.check() }, metrics);
  return server;
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
