import { setTimeout as sleep } from "node:timers/promises";
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
 */
export function httpSource(address: string): SymbolSource {
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
      return download(urlOf(debugFile, debugId, symbolFile), query.size > 0 ? `?${query}` : "");
    },
    async findSymcache(path: SymbolFilePath) {
      if (symcacheMisses >= SYMCACHE_MISSES) return undefined;
      const found = await download(urlOf(path.debugFile, path.debugId, symcacheFile(path)), "");
      symcacheMisses = found === undefined ? symcacheMisses + 1 : 0;
      return found;
    },
    async identify({ codeFile, codeId }) {
      const place = codeFilePath(codeFile, codeId);
      return place && (await redirection(urlOf(...place)));
    },
  };
}

async function download(url: string, query: string): Promise<FoundSymbolFile | undefined> {
  const response = await ask(url + query, "follow");
  const { body } = response;
  if (response.ok && body !== null) return { bytes: body, close: () => body.cancel(), url };
  await body?.cancel();
  return undefined;
}

/**
 * Where the server sends those who ask for a module by its code, `…/<debug file>/<debug id>/<symbol file>`, tells what
 * the debug file is (Tecken's way).
 */
async function redirection(url: string): Promise<DebugInfo | undefined> {
  const response = await ask(url, "manual");
  await response.body?.cancel();
  if (response.status !== 301 && response.status !== 302) return undefined;
  const { pathname } = new URL(response.headers.get("location") ?? "", url);
  const [debugFile, debugId] = pathname.split("/").slice(-3).map(decodeURIComponent);
  return debugFile && debugId ? { debugFile, debugId } : undefined;
}

/** Asks until the server gives an answer that is not its trouble. */
async function ask(url: string, redirect: "follow" | "manual"): Promise<Response> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url, { redirect, signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) });
      if (response.status < 500 && response.status !== 429) return response;
      await response.body?.cancel();
      throw new Error(`status ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw new Error(reasonOf(error), { cause: error });
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}

/** fetch itself says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}
