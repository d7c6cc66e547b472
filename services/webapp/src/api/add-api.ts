import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { type Asker, askerOf, noteLook } from "../asker.ts";
import { httpStatusOf } from "../http-status-of.ts";
import { apiPage } from "../pages/api-page.ts";
import type { WebappParts } from "../parts.ts";
import { type Grant, isKnownHost } from "../permissions.ts";
import { sendPage } from "../routes/send-page.ts";
import { splitUrl } from "../split-url.ts";
import { badField, failed, found, hostNotAllowed, noSuchService } from "./answers.ts";
import { bugs, signaturesByBugs } from "./bugs.ts";
import { bulkReprocessing } from "./bulk-reprocessing.ts";
import { checkParameters } from "./check-parameters.ts";
import { contentDisposition } from "./content-disposition.ts";
import { crashPing, pingsOfCrash } from "./crash-ping.ts";
import { crashSignature } from "./crash-signature.ts";
import { crashVerify } from "./crash-verify.ts";
import { deleteClient, deletions } from "./delete-client.ts";
import type { Answer, Endpoint } from "./endpoint.ts";
import { bulkJob, changeJobs, jobs } from "./jobs.ts";
import { apiJson } from "./json.ts";
import { missingProcessedCrash } from "./missing-processed-crash.ts";
import { noOp } from "./no-op.ts";
import { openApiOf } from "./openapi.ts";
import { processedCrash } from "./processed-crash.ts";
import { addRateLimits } from "./rate-limits.ts";
import { rawCrash } from "./raw-crash.ts";
import { refusalOf } from "./refusal-of.ts";
import { releases, versionString } from "./releases.ts";
import { reprocessing } from "./reprocessing.ts";
import { signatureFirstDate } from "./signature-first-date.ts";
import { superSearch, superSearchUnredacted } from "./super-search.ts";
import { superSearchFields } from "./super-search-fields.ts";
import { trends } from "./trends.ts";
import { rates, usage } from "./usage.ts";

const endpoints: readonly Endpoint[] = [
  bugs,
  bulkJob,
  bulkReprocessing,
  changeJobs,
  crashPing,
  pingsOfCrash,
  crashSignature,
  crashVerify,
  missingProcessedCrash,
  deleteClient,
  deletions,
  jobs,
  noOp,
  processedCrash,
  rates,
  rawCrash,
  releases,
  reprocessing,
  signatureFirstDate,
  signaturesByBugs,
  superSearch,
  superSearchFields,
  superSearchUnredacted,
  trends,
  usage,
  versionString,
];

/** Of a search the audit log keeps so much, characters. */
const LONGEST_NOTED = 500;

const FORM = "application/x-www-form-urlencoded";

/** Adds Crash Stats' API. Scripts of any origin may ask it, and then act as nobody. */
export async function addApi(api: FastifyInstance, parts: WebappParts): Promise<void> {
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(
    [FORM, "application/json", "text/plain"],
    { parseAs: "string" },
    async (_request: FastifyRequest, body: string | Buffer) => body.toString(),
  );
  api.addHook("onRequest", async (_request, reply) => {
    reply.header("access-control-allow-origin", "*");
    reply.header("access-control-allow-headers", "Auth-Token, Content-Type");
    reply.header("cache-control", "private, no-cache");
    // One address shows each viewer something else.
    reply.header("vary", "Auth-Token, Origin");
  });
  if (parts.rateLimits !== undefined) await addRateLimits(api, parts, parts.rateLimits);
  for (const endpoint of endpoints) {
    const limit = endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit };
    api.all(`/api/${endpoint.name}/`, limit, async (request, reply) => {
      if (request.method === "OPTIONS") return reply.code(200).send("");
      const answer = await ask(endpoint, request, parts);
      if (endpoint.maxAge !== undefined && isGood(answer))
        reply.header("cache-control", `private, max-age=${endpoint.maxAge}`);
      return send(request, reply, answer);
    });
    api.all(`/api/${endpoint.name}`, (request, reply) => {
      // 308 keeps the form of a POST; for the others clients know 301 from Crash Stats.
      const isReading = request.method === "GET" || request.method === "HEAD";
      return reply.redirect(withSlash(request.url), isReading ? 301 : 308);
    });
  }
  api.get("/api/", (_request, reply) =>
    sendPage(reply, 200, apiPage(endpoints.map((one) => ({ example: "", parameters: [], ...one })))),
  );
  const description = openApiOf(endpoints);
  api.get("/api/openapi.json", (request, reply) => send(request, reply, found(description)));
  api.all("/api/*", (request, reply) => {
    const [name = ""] = (request.params as { "*": string })["*"].split("/");
    return send(request, reply, noSuchService(name));
  });
  api.setErrorHandler((error, request, reply) => {
    const { path, query } = splitUrl(request.url);
    // As Crash Stats says it: a text, but for the one service that always answered JSON.
    if (httpStatusOf(error) === 429 && !path.startsWith("/api/CrashSignature"))
      return reply.code(429).type("text/plain; charset=utf-8").send("Too Many Requests");
    const answer = refusalOf(error, path, query);
    if (answer.kind === "json" && answer.status >= 500) parts.log.error({ err: error, path }, "api");
    return send(request, reply, answer);
  });
}

async function ask(endpoint: Endpoint, request: FastifyRequest, parts: WebappParts): Promise<Answer> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  if (method !== endpoint.method && !(method === "POST" && endpoint.takesPost))
    return failed(405, "Method not allowed");
  const body = bodyOf(request);
  if (body !== "" && !isForm(request) && !endpoint.readsBody) return failed(415, "Unsupported Media Type");
  const form = endpoint.readsBody ? "" : body;
  const params = new URLSearchParams(method === "POST" ? form : splitUrl(request.url).query);
  const withNull = [...params].find(
    (pair) => endpoint.singles?.has(pair[0]) !== true && pair.some((text) => text.includes("\0")),
  );
  if (withNull !== undefined) {
    return badField(withNull[0].replaceAll("\0", ""), "Null characters are not allowed.");
  }
  const asker = await askerOf(request, parts);
  const refusal = checkParameters(params, endpoint.parameters ?? []);
  if (refusal !== undefined) return refusal;
  const answer = await endpoint.answer({ params, body, viewer: asker.viewer, who: asker.who }, parts);
  if (endpoint.showsProtected && isGood(answer)) {
    await noteLook(
      asker,
      endpoint.name,
      params.get("crash_id") ?? splitUrl(request.url).query.slice(0, LONGEST_NOTED),
      parts,
    );
  }
  return isForHost(answer, request.host, asker, parts.granted) ? hostNotAllowed : answer;
}

const isGood = (answer: Answer): boolean => answer.kind === "file" || answer.status === 200;

/** Whether a refusal is one of the host name's and not of the viewer. */
function isForHost(
  answer: Answer,
  host: string,
  { hasToken }: Asker,
  { permissions, hosts }: Grant,
): boolean {
  const isRefusal = answer.kind === "json" && answer.status === 403;
  return isRefusal && !hasToken && permissions.size > 0 && !isKnownHost(host, hosts);
}

const bodyOf = ({ body }: FastifyRequest): string => (typeof body === "string" ? body : "");

const isForm = ({ headers }: FastifyRequest): boolean =>
  headers["content-type"]?.toLowerCase().startsWith(FORM) ?? false;

function withSlash(url: string): string {
  const { path, query } = splitUrl(url);
  return query === "" ? `${path}/` : `${path}/?${query}`;
}

function send(request: FastifyRequest, reply: FastifyReply, answer: Answer): FastifyReply {
  if (answer.kind === "file") {
    return reply
      .header("content-type", answer.type)
      .header("content-disposition", contentDisposition(answer.fileName))
      .header("content-security-policy", "default-src 'none'; sandbox")
      .send(answer.bytes);
  }
  const pretty = new URLSearchParams(splitUrl(request.url).query).get("pretty") === "print";
  return reply
    .code(answer.status)
    .header("content-type", "application/json; charset=UTF-8")
    .send(apiJson(answer.value, pretty));
}
