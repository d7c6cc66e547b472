import type { IncomingMessage } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { type HttpHeaders, httpGet, httpGetOnce, letGo, redirection } from "./http-get.ts";
import { inflated } from "./inflate.ts";
import { codeFilePath, type SymbolFilePath, symcacheFile } from "./symbol-file-path.ts";
import type { DebugInfo, FoundSymbolFile, SymbolSource } from "./symbol-source.ts";

/** Symbol servers answer 108-143 MB for libxul; a slow line gets its time. */
const DOWNLOAD_LIMIT_MS = 300_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 200;

/** Most servers have no symcaches. One that had none so many times is asked for them no more. */
const SYMCACHE_MISSES = 5;

/**
 * A symbol server: `GET <address>/<debug file>/<debug id>/<symbol file>`, as Tecken and its like serve.
 * What it answers below 500 other than a file means that it has none; the rest is asked for again, then thrown.
 * @param headers what each question says besides
 */
export function httpSource(address: string, headers: HttpHeaders = {}): SymbolSource {
  const base = address.replace(/\/+$/, "");
  const urlOf = (...parts: readonly string[]) => `${base}/${parts.map(encodeURIComponent).join("/")}`;
  let symcacheMisses = 0;
  return {
    name: base,
    isLocal: false,
    find({ debugFile, debugId, symbolFile }, { codeFile, codeId }) {
      const query = new URLSearchParams();
      if (codeFile) query.set("code_file", codeFile);
      if (codeId) query.set("code_id", codeId);
      return download(urlOf(debugFile, debugId, symbolFile), query.size > 0 ? `?${query}` : "", headers);
    },
    async findSymcache(path: SymbolFilePath) {
      if (symcacheMisses >= SYMCACHE_MISSES) return undefined;
      const found = await download(urlOf(path.debugFile, path.debugId, symcacheFile(path)), "", headers);
      symcacheMisses = found === undefined ? symcacheMisses + 1 : 0;
      return found;
    },
    async identify({ codeFile, codeId }) {
      const place = codeFilePath(codeFile, codeId);
      return place && (await identified(urlOf(...place), headers));
    },
  };
}

async function download(
  url: string,
  query: string,
  headers: HttpHeaders,
): Promise<FoundSymbolFile | undefined> {
  const response = await ask(() => httpGet(url + query, DOWNLOAD_LIMIT_MS, headers));
  if (statusOf(response) >= 200 && statusOf(response) < 300) {
    const bytes = decoded(response);
    const gzipped = bytes === response ? {} : { gzipped: response };
    return { bytes, ...gzipped, close: async () => void response.destroy(), url };
  }
  letGo(response);
  return undefined;
}

/** The file, which may itself be compressed, out of the encoding that the server chose for its way. */
function decoded(response: IncomingMessage): AsyncIterable<Uint8Array> {
  const encoding = response.headers["content-encoding"]?.toLowerCase() ?? "identity";
  if (encoding === "identity") return response;
  if (["gzip", "x-gzip"].includes(encoding)) return inflated(response);
  letGo(response);
  throw new Error(`content encoding ${encoding}`);
}

/**
 * Where the server sends those who ask for a module by its code, `…/<debug file>/<debug id>/<symbol file>`, tells what
 * the debug file is (Tecken's way).
 */
async function identified(url: string, headers: HttpHeaders): Promise<DebugInfo | undefined> {
  const response = await ask(() => httpGetOnce(url, DOWNLOAD_LIMIT_MS, headers));
  letGo(response);
  const target = redirection(response, url);
  if (target === undefined) return undefined;
  const [debugFile, debugId] = new URL(target).pathname.split("/").slice(-3).map(decodeURIComponent);
  return debugFile && debugId ? { debugFile, debugId } : undefined;
}

/** Asks until the server gives an answer that is not its trouble. */
async function ask(get: () => Promise<IncomingMessage>): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await get();
      if (statusOf(response) < 500 && statusOf(response) !== 429) return response;
      letGo(response);
      throw new Error(`status ${statusOf(response)}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

function statusOf({ statusCode = 0 }: IncomingMessage): number {
  return statusCode;
}
