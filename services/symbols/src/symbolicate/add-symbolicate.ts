import { MaydayError } from "@mayday/errors";
import {
  findModules,
  type ModuleSymbols,
  moduleName,
  NOT_JSON,
  readSymbolicateJob,
  readSymbolicateRequest,
  retryDamaged,
  type SymbolicateJob,
  symbolicateJobs,
  symbolicateStacks,
} from "@mayday/symbols";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SymbolsParts } from "../parts.ts";
import { sendJson } from "../send-json.ts";
import { allowOrigin, answerOptions } from "./cross-origin.ts";
import { debugReport } from "./debug-report.ts";
import { type ModuleSearch, moduleFinder } from "./module-finder.ts";
import { readJson } from "./read-json.ts";
import { sendTitle } from "./send-title.ts";

/** Jobs in one request of version 5, as Mozilla's service allows. */
const MAX_JOBS = 10;

type SymbolicateParts = Pick<SymbolsParts, "supply" | "notes" | "limits" | "missing" | "used" | "log">;

/** Adds `/symbolicate/v4` and `/symbolicate/v5`, as Mozilla's symbolication service answers them. */
export function addSymbolicate(server: FastifyInstance, parts: SymbolicateParts): void {
  server.addHook("onRequest", async (request, reply) => allowOrigin(request, reply));
  server.removeAllContentTypeParsers();
  server.addContentTypeParser(
    "*",
    { parseAs: "buffer", bodyLimit: parts.limits.bodyBytes },
    (_request, body, done) => done(null, body),
  );
  server.setErrorHandler((error, request, reply) => sendProblem(error, request, reply, parts));
  const answers = { "/symbolicate/v4": answerV4, "/symbolicate/v5": answerV5 };
  for (const [url, answer] of Object.entries(answers)) {
    server.post(url, async (request, reply) => {
      const answered = await retryDamaged(() => answer(request, parts));
      return sendJson(reply, answered);
    });
    server.options(url, (request, reply) => answerOptions(request, reply, "POST"));
    server.route({
      method: ["GET", "HEAD", "PUT", "PATCH", "DELETE"],
      url,
      handler: (request, reply) => notAllowed(request, reply, "POST, OPTIONS"),
    });
  }
}

/** Answers a method that an address does not have. */
export function notAllowed(request: FastifyRequest, reply: FastifyReply, allow: string): FastifyReply {
  return sendTitle(request, reply.header("allow", allow), 405, "405 Method Not Allowed");
}

async function answerV4(request: FastifyRequest, parts: SymbolicateParts): Promise<unknown> {
  const job = readSymbolicateJob(bodyOf(request));
  const { symbols } = await findAll([job], parts);
  return symbolicateStacks(job, symbols);
}

async function answerV5(request: FastifyRequest, parts: SymbolicateParts): Promise<unknown> {
  const started = performance.now();
  const jobs = readSymbolicateRequest(bodyOf(request), MAX_JOBS);
  const { symbols, searches } = await findAll(jobs, parts);
  const results = symbolicateJobs(jobs, symbols);
  if (!request.headers["debug"]) return { results };
  return { results, debug: debugReport(jobs, searches, (performance.now() - started) / 1000) };
}

/** The symbols of all modules that the jobs use, and how each was come by. */
async function findAll(
  jobs: readonly SymbolicateJob[],
  parts: SymbolicateParts,
): Promise<{ symbols: ModuleSymbols; searches: ReadonlyMap<string, ModuleSearch> }> {
  const find = moduleFinder(parts);
  const searches = new Map<string, ModuleSearch>();
  const symbols = await findModules(jobs, async (module) => {
    const search = await find(module);
    searches.set(moduleName([module.debugFile, module.debugId]), search);
    return search.entry;
  });
  return { symbols, searches };
}

/** @throws {MaydayError} SYMBOLICATE_BAD_REQUEST */
export function bodyOf({ body }: FastifyRequest): unknown {
  try {
    return readJson(body instanceof Uint8Array ? body : new Uint8Array());
  } catch (error) {
    throw new MaydayError("SYMBOLICATE_BAD_REQUEST", NOT_JSON, { cause: error });
  }
}

function sendProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  { log }: SymbolicateParts,
): FastifyReply {
  if (error instanceof MaydayError && error.code === "SYMBOLICATE_BAD_REQUEST") {
    return sendTitle(request, reply, 400, error.detail ?? NOT_JSON);
  }
  const { statusCode = 500 } = error as { statusCode?: number };
  if (statusCode < 500) return sendTitle(request, reply, statusCode, (error as Error).message);
  log.error({ err: error }, "could not symbolicate");
  return sendTitle(request, reply, 500, "500 Internal Server Error");
}
