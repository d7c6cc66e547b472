import { MaydayError } from "@mayday/errors";
import { addHealthRoutes } from "@mayday/service";
import Fastify, { type FastifyInstance, type FastifyReply } from "fastify";
import { addApi } from "./api/add-api.ts";
import { addSessions } from "./auth/sessions.ts";
import { httpStatusOf } from "./http-status-of.ts";
import { messagePage } from "./pages/message-page.ts";
import type { WebappParts } from "./parts.ts";
import { addAccountRoutes } from "./routes/account.ts";
import { addBoardRoute } from "./routes/board.ts";
import { addCorrelationsRoute } from "./routes/correlations.ts";
import { addDocumentationRoutes } from "./routes/documentation.ts";
import { addForms } from "./routes/forms.ts";
import { addJobRoutes } from "./routes/jobs.ts";
import { addOpsRoute } from "./routes/ops.ts";
import { addPingRoute } from "./routes/ping.ts";
import { addReportRoutes } from "./routes/report.ts";
import { addSavedSearchRoutes } from "./routes/saved-searches.ts";
import { addSearchRoutes } from "./routes/search.ts";
import { sendPage } from "./routes/send-page.ts";
import { addSignatureRoute } from "./routes/signature.ts";
import { addStartRoutes } from "./routes/start.ts";
import { addStaticRoutes } from "./routes/static.ts";
import { addSymbolsRoute } from "./routes/symbols.ts";
import { addTopCrashersRoute } from "./routes/top-crashers.ts";
import { addTrialRoute } from "./routes/trial.ts";

/** The webapp's HTTP face: pages, API and health. */
export function createWebapp(parts: WebappParts): FastifyInstance {
  const { storage, engine, publisher, records, metrics } = parts;
  const server = Fastify({
    logger: false,
    frameworkErrors: (error, _request, reply) => sendProblem(error, reply as FastifyReply, parts),
  });
  server.addHook("onRequest", async (_request, reply) => {
    reply.header("x-content-type-options", "nosniff");
    // Not `no-referrer`: browsers would then send the origin of our own forms as `null`.
    reply.header("referrer-policy", "same-origin");
  });
  server.addHook("onResponse", async (request, reply) => {
    const route = request.routeOptions.url ?? "none";
    metrics.count("webapp_requests_total", { route, status: String(reply.statusCode) });
  });
  server.setErrorHandler((error, _request, reply) => sendProblem(error, reply, parts));
  server.setNotFoundHandler((_request, reply) =>
    sendPage(reply, 404, messagePage({ title: "No such page", says: "There is nothing at this address." })),
  );
  addSessions(server, { kept: parts.sessions, isSecure: parts.isSecure, log: parts.log });
  addForms(server);
  // The plugins that sessions are made of are there when what is registered behind them begins.
  server.register(async (pages) => addPages(pages, parts));
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

async function addPages(pages: FastifyInstance, parts: WebappParts): Promise<void> {
  addStartRoutes(pages, parts);
  addTopCrashersRoute(pages, parts);
  addSearchRoutes(pages, parts);
  addSavedSearchRoutes(pages, parts);
  addSymbolsRoute(pages, parts);
  addOpsRoute(pages, parts);
  await addBoardRoute(pages, parts);
  addReportRoutes(pages, parts);
  addPingRoute(pages, parts);
  addSignatureRoute(pages, parts);
  addCorrelationsRoute(pages, parts);
  addAccountRoutes(pages, parts);
  addJobRoutes(pages, parts);
  addTrialRoute(pages, parts);
  addDocumentationRoutes(pages);
}

function sendProblem(error: unknown, reply: FastifyReply, { log }: WebappParts): FastifyReply {
  const status = httpStatusOf(error);
  if ((error as { code?: unknown }).code?.toString().startsWith("FST_CSRF")) {
    const says =
      "The form is not from a page that was opened lately in this browser. Open the page anew and try again.";
    return sendPage(reply, 403, messagePage({ title: "This form is too old", says }));
  }
  if (error instanceof MaydayError && error.code.startsWith("LOGIN_")) {
    log.warn({ err: error }, "login");
    return sendPage(
      reply,
      status,
      messagePage({ title: "You are not logged in", says: `${error.message}.`, next: "/login/" }),
    );
  }
  if (error instanceof MaydayError && error.code === "PERMISSION_NEEDED") {
    const says = `${error.detail ?? "You lack the permission"}. Who is logged in with it may.`;
    return sendPage(reply, status, messagePage({ title: "Not allowed", says, next: "/login/" }));
  }
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
