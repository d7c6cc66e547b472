import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { needs, ownerOf } from "../access/check-token.ts";
import type { TokenOwner } from "../access/tokens.ts";
import { notThisMethod } from "../not-this-method.ts";
import { sendJson } from "../send-json.ts";
import type { Upload, Uploads } from "../uploads/uploads.ts";
import { listedFile, listedUpload, wholeFile, wholeUpload } from "./uploads-json.ts";
import { pageOf, QueryProblem, readUploadsQuery } from "./uploads-query.ts";

const BATCH = 20;
const FILES_BATCH = 40;

/** What Tecken tells as the number of all uploads; counting them would take long. */
const MANY = 1_000_000;

/** Uploads that one question reads at most. */
const MOST_READ = 20_000;

interface UploadsApiParts {
  readonly uploads: Uploads;
  readonly bucket: string;
}

/** Adds the lists of uploads and their files, for whose token it is, or for all with `view_all_uploads`. */
export function addUploadsApi(server: FastifyInstance, parts: UploadsApiParts): void {
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof QueryProblem) return sendJson(reply.code(400), { errors: error.errors });
    throw error;
  });
  const get = (
    url: string,
    answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) => {
    server.get(url, { preHandler: needs() }, answer);
    notThisMethod(server, url, ["GET"]);
  };
  get("/api/uploads/", (request, reply) => listUploads(request, reply, parts));
  get("/api/uploads/upload/:id", (request, reply) => oneUpload(request, reply, parts));
  get("/api/uploads/files/", (request, reply) => listFiles(request, reply, parts));
  get("/api/uploads/files/file/:id", (request, reply) => oneFile(request, reply, parts));
}

const queryOf = ({ url }: FastifyRequest) => new URL(url, "http://localhost").searchParams;
const idOf = ({ params }: FastifyRequest) => (params as { id: string }).id;

const seesAll = (request: FastifyRequest) => ownerOf(request)?.permissions.has("view_all_uploads") ?? false;
const sees = (request: FastifyRequest, { user }: Upload) =>
  seesAll(request) || user === (ownerOf(request) as TokenOwner).email;

async function listUploads(
  request: FastifyRequest,
  reply: FastifyReply,
  { uploads, bucket }: UploadsApiParts,
): Promise<FastifyReply> {
  const query = readUploadsQuery(queryOf(request), Date.now());
  const found: Upload[] = [];
  let read = 0;
  for await (const upload of uploads.list()) {
    if (++read > MOST_READ) break;
    if (sees(request, upload) && query.matches(upload)) found.push(upload);
  }
  if (query.sort === "size") found.sort((a, b) => b.size - a.size);
  if (!query.reverse) found.reverse();
  const from = (query.page - 1) * BATCH;
  return sendJson(reply, {
    can_view_all: Number(seesAll(request)),
    uploads: found.slice(from, from + BATCH).map((upload) => listedUpload(upload, bucket)),
    batch_size: BATCH,
    order_by: { sort: query.sort, reverse: query.reverse },
    has_next: found.length > from + BATCH,
    total: query.isFiltered ? found.length : MANY,
  });
}

async function oneUpload(
  request: FastifyRequest,
  reply: FastifyReply,
  { uploads, bucket }: UploadsApiParts,
): Promise<FastifyReply> {
  const upload = await uploads.read(Number(idOf(request)));
  if (upload === undefined || !sees(request, upload)) {
    return sendJson(reply.code(404), { error: "No Upload matches the given query." });
  }
  const related: Upload[] = [];
  let read = 0;
  for await (const other of uploads.list()) {
    if (++read > MOST_READ) break;
    const isEqual = other.user === upload.user && other.size === upload.size && other.id !== upload.id;
    if (isEqual && contentOf(other) === contentOf(upload)) related.push(other);
  }
  return sendJson(reply, {
    upload: { ...wholeUpload(upload, bucket), related: related.map((other) => wholeUpload(other, bucket)) },
  });
}

/** What an upload held, whatever became of it. */
function contentOf({ files, skippedKeys, ignoredKeys }: Upload): string {
  return [...files.map(({ key }) => key), ...skippedKeys, ...ignoredKeys].sort().join("\n");
}

async function listFiles(
  request: FastifyRequest,
  reply: FastifyReply,
  { uploads, bucket }: UploadsApiParts,
): Promise<FastifyReply> {
  if (!seesAll(request)) return sendJson(reply.code(403), { error: "Forbidden" });
  const query = queryOf(request);
  const page = pageOf(query.get("page") ?? "1");
  const pieces = (query.get("key") ?? "").split(",").map((text) => text.trim());
  const found: Record<string, unknown>[] = [];
  let read = 0;
  for await (const upload of uploads.list()) {
    if (++read > MOST_READ || found.length > page * FILES_BATCH) break;
    for (const [index, { key }] of upload.files.entries()) {
      if (pieces.every((piece) => key.includes(piece))) found.push(listedFile(upload, index, bucket));
    }
  }
  const from = (page - 1) * FILES_BATCH;
  return sendJson(reply, {
    files: found.slice(from, from + FILES_BATCH),
    batch_size: FILES_BATCH,
    has_next: found.length > from + FILES_BATCH,
  });
}

async function oneFile(
  request: FastifyRequest,
  reply: FastifyReply,
  { uploads, bucket }: UploadsApiParts,
): Promise<FastifyReply> {
  const [id, index] = idOf(request).split(".").map(Number);
  const upload = id === undefined ? undefined : await uploads.read(id);
  if (upload?.files[index ?? -1] === undefined || !sees(request, upload)) {
    return sendJson(reply.code(404), { error: "No FileUpload matches the given query." });
  }
  return sendJson(reply, { file: wholeFile(upload, index as number, bucket) });
}
