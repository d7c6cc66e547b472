import { MaydayError } from "@mayday/errors";
import { addHealthRoutes } from "@mayday/service";
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import { checkToken } from "./access/check-token.ts";
import { addSyminfo } from "./api/add-syminfo.ts";
import { addUploadsApi } from "./api/add-uploads-api.ts";
import { addDownload } from "./download/add-download.ts";
import { addMissing } from "./missing/add-missing.ts";
import type { SymbolsParts } from "./parts.ts";
import { sendJson } from "./send-json.ts";
import { addSymbolicate, notAllowed } from "./symbolicate/add-symbolicate.ts";
import { addSymbolicateV6 } from "./symbolicate/add-symbolicate-v6.ts";
import { allowOrigin, answerOptions } from "./symbolicate/cross-origin.ts";
import { sendTitle } from "./symbolicate/send-title.ts";
import { addUpload } from "./upload/add-upload.ts";
import { UploadProblem } from "./upload/upload-problem.ts";

/** Paths that answer GET alone, as Mozilla's symbolication service has them. */
const READ_ONLY = ["/", "/__version__", "/__heartbeat__", "/__lbheartbeat__"];

/** The symbols service: symbol files up and down, and symbolication. */
export function createSymbolsService(parts: SymbolsParts): FastifyInstance {
  const server = Fastify({
    logger: false,
    exposeHeadRoutes: false,
    // Debuggers and old proxies leave Host out.
    http: { requireHostHeader: false },
  });
  server.setNotFoundHandler({ preHandler: checkToken(parts.tokens) }, notFound);
  server.register(async (scope) => addHealth(scope, parts));
  server.register(async (scope) => {
    addSymbolicate(scope, parts);
    addSymbolicateV6(scope, parts);
  });
  server.register(async (scope) => addSymbolServer(scope, parts));
  return server;
}

/** What a symbol server has, Tecken's. */
function addSymbolServer(server: FastifyInstance, parts: SymbolsParts): void {
  const { shelf, rules, log } = parts;
  const { uploads } = shelf;
  server.addHook("onRequest", checkToken(parts.tokens));
  server.setErrorHandler((error, request, reply) => {
    request.raw.resume();
    if (error instanceof UploadProblem) return sendJson(reply.code(error.status), { error: error.message });
    const { statusCode = 500 } = error as { statusCode?: number };
    if (statusCode < 500) return sendJson(reply.code(statusCode), { error: (error as Error).message });
    const status = error instanceof MaydayError ? error.httpStatus : 500;
    log.error({ err: error, url: request.url }, "could not answer");
    return sendJson(reply.code(status), {
      error: status === 503 ? "Service Unavailable" : "Internal Server Error",
    });
  });
  server.register(async (scope) => addUpload(scope, parts));
  server.register(async (scope) => addDownload(scope, { ...shelf, ...parts }));
  server.register(async (scope) => addSyminfo(scope, { uploads, publicUrl: rules.publicUrl }));
  server.register(async (scope) => addMissing(scope, { ...shelf, ...parts }));
  server.register(async (scope) => addUploadsApi(scope, { uploads, bucket: rules.bucket }));
}

function addHealth(server: FastifyInstance, { shelf, metrics }: SymbolsParts): void {
  server.addHook("onRequest", async (request, reply) => allowOrigin(request, reply));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  addHealthRoutes(server, { storage: () => shelf.regular.check() }, metrics);
  server.get("/", () => ({ service: "symbols" }));
  for (const url of READ_ONLY) {
    server.options(url, (request, reply) => answerOptions(request, reply, "GET"));
    server.route({
      method: ["HEAD", "POST", "PUT", "PATCH", "DELETE"],
      url,
      handler: (request, reply) => notAllowed(request, reply, "GET, OPTIONS"),
    });
  }
}

/**
 * An address that is none. Who sends an Origin is a page that wants something symbolicated, and is told so in the words
 * of Mozilla's symbolication service; others in those of its symbol server.
 */
function notFound(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const path = pathOf(request);
  if (request.headers.origin !== undefined || path.startsWith("/symbolicate/")) {
    allowOrigin(request, reply);
    return sendTitle(request, reply, 404, "404 Not Found");
  }
  return sendJson(reply.code(404), { error: "Not Found", path });
}

/** The path of a request, decoded where it can be. */
function pathOf({ url }: FastifyRequest): string {
  const [path = ""] = url.split("?");
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
