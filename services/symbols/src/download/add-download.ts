import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import type { MissingModules } from "@mayday/storage";
import {
  isSymbolKey,
  type SymbolKey,
  type SymbolStorage,
  type SymbolTree,
  type UsedSymbols,
} from "@mayday/storage";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notThisMethod } from "../not-this-method.ts";
import { PROXY_VIA, type SymbolProxy } from "../proxy/symbol-proxy.ts";
import { isSymbolFile } from "../upload/file-check.ts";
import { textOfKey, type Uploads } from "../uploads/uploads.ts";
import type { Misses } from "./misses.ts";

export interface DownloadParts {
  readonly regular: SymbolStorage;
  readonly tried: SymbolStorage;
  readonly uploads: Uploads;
  readonly misses: Misses;
  readonly missing: MissingModules;
  readonly used: UsedSymbols;
  readonly proxy: SymbolProxy | undefined;
  /** Where the store's objects are read by anybody; where it is empty, files are sent from here. */
  readonly objectsUrl: string;
}

interface SymbolRoute {
  Params: { debugFile: string; debugId: string; symbolFile: string };
}

/** What symbol servers have; debuggers ask for much else. */
const ENDINGS = [".sym", ".dl_", ".ex_", ".pd_", ".dbg.gz", ".tar.bz2", ".symcache"];

/** Shorter ids may be those of code. */
const DEBUG_ID_DIGITS = 33;

/** How long a file may be kept by who fetched it: it may be uploaded anew. Seconds. */
const FRESH_S = 3600;

const CROSS_ORIGIN = {
  "access-control-allow-origin": "*",
  "access-control-allow-methods": "GET",
  "access-control-allow-headers":
    "accept,accept-encoding,authorization,content-type,dnt,origin,user-agent,x-csrftoken,x-requested-with",
};

/** Adds `GET /<debug file>/<debug id>/<file>`, and below `/try/` with the files of try builds, as Tecken answers them. */
export function addDownload(server: FastifyInstance, parts: DownloadParts): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser("*", (_request, _body, done) => done(null));
  for (const [url, isTry] of [
    ["/:debugFile/:debugId/:symbolFile", false],
    ["/try/:debugFile/:debugId/:symbolFile", true],
  ] as const) {
    server.route<SymbolRoute>({
      method: ["GET", "HEAD"],
      url,
      handler: (request, reply) => download(request, reply, parts, isTry),
    });
    notThisMethod(server, url, ["GET", "HEAD"], (parameters) => isSymbolKey(parameters as SymbolKey));
  }
}

async function download(
  request: FastifyRequest<SymbolRoute>,
  reply: FastifyReply,
  parts: DownloadParts,
  isTryPath: boolean,
): Promise<FastifyReply> {
  const started = performance.now();
  const { debugFile, debugId, symbolFile } = request.params;
  const key: SymbolKey = { debugFile, debugId: debugId.toUpperCase(), symbolFile };
  if (!isSymbolKey(key)) {
    reply.callNotFound();
    return reply;
  }
  const isDebug = /^(?:1|true|yes)$/i.test(String(request.headers["debug"] ?? ""));
  const withTime = (seconds: string) => (isDebug ? reply.header("debug-time", seconds) : reply);
  const seconds = () => ((performance.now() - started) / 1000).toFixed(6);
  if (isIgnored(key)) return notFound(withTime("0"), "Symbol Not Found (and ignored)");
  const isTry = isTryPath || new URL(request.url, "http://localhost").searchParams.has("try");
  const proxy = isFromProxy(request) ? undefined : parts.proxy;
  const target = await codeRedirect(request, key, isTryPath, { ...parts, proxy });
  if (target !== undefined) return html(reply.code(302).header("location", target)).send("");
  const found = await find(key, isTry, parts);
  if (found === undefined) {
    const asked = { key: { ...key, debugId }, ...codeOf(request) };
    const proxied = (await proxy?.[request.method === "HEAD" ? "has" : "fetch"](asked)) ?? {
      kind: "missing",
    };
    withTime(seconds());
    if (proxied.kind === "found") return sendFile(request, reply, key, async () => proxied.bytes);
    if (proxied.kind === "away") return html(reply.code(502)).send("Symbol servers do not answer");
    noteMissing(request, key, parts);
    return notFound(reply, "Symbol Not Found");
  }
  withTime(seconds());
  parts.used.note({ tree: found.tree, debugFile, debugId });
  if (parts.objectsUrl === "") return sendFile(request, reply, key, () => found.storage.getStream(key));
  const location = `${parts.objectsUrl}/${found.objectKey.split("/").map(quoted).join("/")}`;
  return html(reply.code(request.method === "HEAD" ? 200 : 302).header("location", location)).send("");
}

/** Counts what is missed. */
function noteMissing(request: FastifyRequest, key: SymbolKey, { missing }: DownloadParts): void {
  if (!isSymbolFile(key.symbolFile)) return;
  const { debugFile, debugId } = key;
  missing.note({ module: { debugFile, debugId, ...codeOf(request) }, by: "download" });
}

/** The code of the module that is asked for: the walkers of the field tell it, too. */
function codeOf({ url }: FastifyRequest) {
  const query = new URL(url, "http://localhost").searchParams;
  return { codeFile: query.get("code_file") ?? "", codeId: query.get("code_id") ?? "" };
}

/** Two proxies that ask each other would do so for ever. */
function isFromProxy({ headers }: FastifyRequest): boolean {
  return String(headers["via"] ?? "").includes(PROXY_VIA);
}

/** A part of an object's key in an address, as Python's urllib.parse.quote writes it. */
function quoted(part: string): string {
  return encodeURIComponent(part).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function isIgnored({ debugId, symbolFile }: SymbolKey): boolean {
  if (symbolFile === "file.ptr" || debugId === "0".repeat(DEBUG_ID_DIGITS)) return true;
  return !ENDINGS.some((ending) => symbolFile.endsWith(ending));
}

/** Where to send who asks for a module by its code. */
async function codeRedirect(
  { url }: FastifyRequest,
  { debugFile, debugId, symbolFile }: SymbolKey,
  isTryPath: boolean,
  { uploads, proxy }: DownloadParts,
): Promise<string | undefined> {
  if (!isSymbolFile(symbolFile) || debugId.length >= DEBUG_ID_DIGITS) return undefined;
  const info =
    (await uploads.symInfo(debugFile, debugId)) ??
    (await proxy?.identify({ codeFile: debugFile, codeId: debugId }));
  // Who asks by the debug id is where they are to be.
  if (info === undefined || (info.debugFile === debugFile && info.debugId === debugId)) return undefined;
  const [, query] = url.split(/\?(.*)/s);
  const path = [info.debugFile, info.debugId, symbolFile].map(quoted).join("/");
  return `${isTryPath ? "/try" : ""}/${path}${query === undefined ? "" : `?${query}`}`;
}

interface FoundFile {
  readonly tree: SymbolTree;
  readonly storage: SymbolStorage;
  readonly objectKey: string;
}

async function find(
  key: SymbolKey,
  isTry: boolean,
  { regular, tried, misses, proxy }: DownloadParts,
): Promise<FoundFile | undefined> {
  const storages: (readonly [string, SymbolTree, SymbolStorage])[] = [["regular", "v1", regular]];
  if (isTry) storages.push(["try", "try/v1", tried]);
  if (proxy !== undefined) storages.push(["kept", "fetched/v1", proxy.storage]);
  for (const [kind, tree, storage] of storages) {
    const name = `${kind}/${textOfKey(key)}`;
    if (misses.has(name)) continue;
    const objectKey = await storage.objectKey(key);
    if (objectKey !== undefined) return { tree, storage, objectKey };
    misses.add(name);
  }
  return undefined;
}

/** Sends the file: symbol files gzipped to who takes that, else as text. */
async function sendFile(
  request: FastifyRequest,
  reply: FastifyReply,
  key: SymbolKey,
  open: () => Promise<Readable | undefined>,
): Promise<FastifyReply> {
  reply.headers({ ...CROSS_ORIGIN, "cache-control": `public, max-age=${FRESH_S}` });
  const isText = isSymbolFile(key.symbolFile);
  const takesGzip = /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");
  if (isText) reply.type("text/plain; charset=utf-8").header("vary", "accept-encoding");
  else reply.type("application/octet-stream");
  if (isText && takesGzip) reply.header("content-encoding", "gzip");
  if (request.method === "HEAD") return reply.send("");
  const stream = await open();
  if (stream === undefined) return notFound(reply, "Symbol Not Found");
  if (!isText || takesGzip) return reply.send(stream);
  const text = createGunzip();
  stream.on("error", (error) => text.destroy(error));
  return reply.send(stream.pipe(text));
}

function html(reply: FastifyReply): FastifyReply {
  return reply.headers(CROSS_ORIGIN).type("text/html; charset=utf-8");
}

function notFound(reply: FastifyReply, words: string): FastifyReply {
  return html(reply.code(404)).send(words);
}
