import { addHealthRoutes } from "@mayday/service";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { addApi } from "./api/add-api.ts";
import { httpStatusOf } from "./http-status-of.ts";
import { messagePage } from "./pages/message-page.ts";
import type { WebappParts } from "./parts.ts";
import { addOpsRoute } from "./routes/ops.ts";
import { addReportRoutes } from "./routes/report.ts";
import { addSearchRoutes } from "./routes/search.ts";
import { sendPage } from "./routes/send-page.ts";
import { addSignatureRoute } from "./routes/signature.ts";
import { addStartRoutes } from "./routes/start.ts";
import { addStaticRoutes } from "./routes/static.ts";
import { addSymbolsRoute } from "./routes/symbols.ts";
import { addTopCrashersRoute } from "./routes/top-crashers.ts";

/** The webapp's HTTP face: pages, API and health. */
export function createWebapp(parts: WebappParts): FastifyInstance {
  const { storage, engine, publisher, records, metrics } = parts;
  const server = Fastify({
    logger: false,
    frameworkErrors: (error, _request, reply) => sendProblem(error, reply as FastifyReply, parts),
  });
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    reply.header("referrer-policy", "no-referrer");
  });
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    metrics.count("webapp_requests_total", { route, status: String(reply.statusCode) });
  });
  server.setErrorHandler((error, _request, reply) => sendProblem(error, reply, parts));
  server.setNotFoundHandler((_request, reply) =>
    sendPage(reply, 404, messagePage({ title: "No such page", says: "There is nothing at this address." })),
  );
  addStartRoutes(server, parts);
  addTopCrashersRoute(server, parts);
  addSearchRoutes(server, parts);
  addSymbolsRoute(server, parts);
  addOpsRoute(server, parts);
  addReportRoutes(server, parts);
  addSignatureRoute(server, parts);
  addStaticRoutes(server);
  addHealthRoutes(
    server,
    {
      storage: () => storage.check(),
      search: () => engine.check(),
      queue: () => publisher.check(),
      records: () => records.check(),
    },
    metrics,
  );
  server.register((api) => addApi(api, parts));
  return server;
}

function sendProblem(error: unknown, reply: FastifyReply, { log }: WebappParts): FastifyReply {
  const status = httpStatusOf(error);
  if (status < 500) {
    const says = "The address or the request cannot be read.";
    return sendPage(reply, status, messagePage({ title: "Bad request", says }));
  }
  log.error({ err: error }, "could not answer");
  const says =
    status === 503
      ? "A part of Mayday does not answer. Try again in a moment."
      : "Something went wrong on our side. The log tells more.";
  return sendPage(reply, status, messagePage({ title: "That did not work", says }));
}
