import { createWriteStream } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { parseExactJson } from "@mayday/crash";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { needs, ownerOf } from "../access/check-token.ts";
import type { TokenOwner } from "../access/tokens.ts";
import { notThisMethod } from "../not-this-method.ts";
import { sendJson } from "../send-json.ts";
import type { Plans } from "../uploads/plans.ts";
import { type FetchRules, fetchArchive } from "./fetch-archive.ts";
import { isSymbolFile } from "./file-check.ts";
import { inScratchFolder, readForm } from "./form.ts";
import { keyOf, readPlan } from "./plan.ts";
import { isShelved, type SymbolShelf } from "./symbol-shelf.ts";
import { type ReceivedArchive, takeArchive } from "./take-archive.ts";
import { incomingKey } from "./take-incoming.ts";
import { plannedPlace, takePlanned } from "./take-planned.ts";
import { uploadJson } from "./upload-json.ts";
import { UploadProblem } from "./upload-problem.ts";
import type { ArchiveLimits } from "./zip-archive.ts";

export interface UploadParts {
  readonly shelf: SymbolShelf;
  readonly plans: Plans;
  readonly rules: UploadRules;
}

export interface UploadRules {
  /** Folder for what is on its way. */
  readonly scratchFolder: string;
  readonly archive: ArchiveLimits;
  /** Pieces of text that no member's name may have. */
  readonly disallowed: readonly string[];
  readonly fetch: FetchRules;
  /** What answers call the store. */
  readonly bucket: string;
  /** Address at which clients reach this service; that of the request where it is empty. */
  readonly publicUrl: string;
  /** An address of the store to which a file may be sent; undefined where files are sent here. */
  readonly signedPut?: (key: string) => Promise<string | undefined>;
}

/** As much JSON as a plan may be. */
const PLAN_BYTES = 2.5 * 1024 * 1024;

const mayUpload = needs("upload_symbols", "upload_try_symbols");

/** Adds the uploads of Tecken's two APIs. */
export function addUpload(server: FastifyInstance, parts: UploadParts): void {
  server.removeAllContentTypeParsers();
  // Bodies are read as they come.
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  const post = (
    url: string,
    answer: (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply>,
  ) => {
    server.post(url, { preHandler: mayUpload }, answer);
    notThisMethod(server, url, ["POST"]);
  };
  post("/upload/", (request, reply) => uploadV1(request, reply, parts));
  post("/upload/auth_info/", async (request, reply) => sendJson(reply, authInfo(request)));
  post("/upload/v2/", (request, reply) => planV2(request, reply, parts));
  server.post("/upload", (request, reply) => {
    request.raw.resume();
    reply.removeHeader("vary");
    return reply.code(301).header("location", "/upload/").type("text/html; charset=utf-8").send("");
  });
  server.put<{ Params: { secret: string; index: string } }>("/upload/v2/:secret/:index", (request, reply) =>
    receiveV2(request, reply, parts),
  );
}

/** Whose token it is; there is one, or the request would not have come so far. */
function owner(request: FastifyRequest): TokenOwner {
  return ownerOf(request) as TokenOwner;
}

const isForTry = ({ permissions }: TokenOwner) => !permissions.has("upload_symbols");

function authInfo(request: FastifyRequest): Record<string, unknown> {
  request.raw.resume();
  const { email, userId, permissions, expiresAt } = owner(request);
  return {
    email,
    user_id: userId,
    try_symbols: permissions.has("upload_try_symbols"),
    token_expires_at: expiresAt,
    upload_api_version: permissions.has("upload_api_2") ? 2 : 1,
  };
}

async function uploadV1(
  request: FastifyRequest,
  reply: FastifyReply,
  { shelf, rules }: UploadParts,
): Promise<FastifyReply> {
  const { scratchFolder, archive, disallowed, fetch, bucket } = rules;
  const upload = await inScratchFolder(scratchFolder, async (folder) => {
    const received = await receive(request, folder, fetch);
    return takeArchive(received, shelf, { limits: archive, disallowed });
  });
  return sendJson(reply.code(201), { upload: uploadJson(upload, bucket) });
}

/** The archive that a form holds, or whose address it tells. */
async function receive(request: FastifyRequest, folder: string, rules: FetchRules): Promise<ReceivedArchive> {
  const { fields, file } = await readForm(request.raw, folder, { fileBytes: rules.maxBytes });
  const { try: tryText, url = "" } = fields;
  const who = owner(request);
  const isTry = tryText === undefined ? isForTry(who) : tryText !== "";
  const common = { user: who.email, isTry };
  if (file !== undefined) {
    const { fieldName: name, path, size } = file;
    return { ...common, path, name, size, downloadUrl: null, redirectUrls: [] };
  }
  if (url === "") throw new UploadProblem("Must be multipart form data with at least one file");
  return { ...common, ...(await fetchArchive(url, folder, rules)), downloadUrl: url };
}

async function planV2(
  request: FastifyRequest,
  reply: FastifyReply,
  { shelf, plans, rules }: UploadParts,
): Promise<FastifyReply> {
  const body = await readJsonBody(request);
  const files = readPlan(body);
  const who = owner(request);
  // Tecken goes by the token alone; who may do more may ask for less.
  const isTry = isForTry(who) || (body as { try?: unknown }).try === true;
  const uploadId = shelf.uploads.newId();
  const createdAt = new Date();
  const secret = await plans.save({ uploadId, isTry, files });
  const base = rules.publicUrl || `${request.protocol}://${request.host}`;
  const skippedKeys: string[] = [];
  const actions: { key: string; action: Record<string, unknown> }[] = [];
  for (const [index, file] of files.entries()) {
    const key = keyOf(file);
    if (typeof key === "string") {
      actions.push({ key: file.key, action: { type: "error", msg: key } });
      continue;
    }
    const isThere =
      (await isShelved(shelf, { key, isTry, uploadId }, file)) ||
      (isTry && (await isShelved(shelf, { key, isTry: false, uploadId }, file)));
    if (isThere) {
      skippedKeys.push(file.key);
      actions.push({ key: file.key, action: { type: "skip" } });
      continue;
    }
    const url =
      (await rules.signedPut?.(incomingKey(secret, index))) ?? `${base}/upload/v2/${secret}/${index}`;
    const content_encoding = isSymbolFile(key.symbolFile) ? "gzip" : null;
    actions.push({ key: file.key, action: { type: "upload", url, content_encoding } });
  }
  await shelf.uploads.save({
    id: uploadId,
    user: who.email,
    filename: "",
    size: files.reduce((sum, { size }) => sum + size, 0),
    isTry,
    downloadUrl: null,
    redirectUrls: [],
    skippedKeys,
    ignoredKeys: [],
    createdAt: createdAt.toISOString(),
    completedAt: null,
    files: [],
    plannedFiles: files.filter((file) => typeof keyOf(file) !== "string").length,
  });
  return sendJson(reply.code(201), {
    id: uploadId,
    created_at: Math.floor(createdAt.getTime() / 1000),
    user: who.email,
    try_symbols: isTry,
    // What clients know as a protocol: one PUT of all the bytes to the address that is told.
    upload_protocol: "gcs-resumable",
    files: actions,
  });
}

async function readJsonBody({ raw }: FastifyRequest): Promise<unknown> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of raw as AsyncIterable<Buffer>) {
    length += piece.length;
    if (length <= PLAN_BYTES) pieces.push(piece);
  }
  if (length > PLAN_BYTES) {
    throw new UploadProblem("Request body exceeded settings.DATA_UPLOAD_MAX_MEMORY_SIZE.");
  }
  try {
    return parseExactJson(Buffer.concat(pieces).toString("utf8"));
  } catch {
    throw new UploadProblem("malformed JSON request body");
  }
}

/** Receives a file of a plan: it is kept when it is what the plan said, whole. */
async function receiveV2(
  request: FastifyRequest<{ Params: { secret: string; index: string } }>,
  reply: FastifyReply,
  { shelf, plans, rules }: UploadParts,
): Promise<FastifyReply> {
  const place = await plannedPlace(plans, request.params);
  if (place === undefined) {
    request.raw.resume();
    throw new UploadProblem("there is no such upload", 404);
  }
  await inScratchFolder(rules.scratchFolder, async (folder) => {
    const path = join(folder, "file");
    await pipeline(request.raw, limited(rules.fetch.maxBytes), createWriteStream(path));
    await takePlanned(path, place, shelf);
  });
  return sendJson(reply, { kind: "storage#object", name: place.file.key, size: String(place.file.size) });
}

function limited(most: number) {
  return async function* (pieces: AsyncIterable<Buffer>) {
    let length = 0;
    for await (const piece of pieces) {
      length += piece.length;
      if (length > most) throw new UploadProblem(`The file is larger than ${most} bytes`, 413);
      yield piece;
    }
  };
}
