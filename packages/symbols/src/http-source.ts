import { setTimeout as sleep } from "node:timers/promises";
import type { FoundSymbolFile, SymbolSource } from "./symbol-source.ts";

/** Symbol servers answer 108-143 MB for libxul; a slow line gets its time. */
const DOWNLOAD_LIMIT_MS = 300_000;
const ATTEMPTS = 3;
const FIRST_PAUSE_MS = 200;

/**
 * A symbol server: `GET <address>/<debug file>/<debug id>/<symbol file>`, as Tecken and its like serve.
 * What it answers below 500 other than a file means that it has none; the rest is asked for again, then thrown.
 */
export function httpSource(address: string): SymbolSource {
  const base = address.replace(/\/+$/, "");
  return {
    name: base,
    async find({ debugFile, debugId, symbolFile }, { codeFile, codeId }) {
      const url = `${base}/${[debugFile, debugId, symbolFile].map(encodeURIComponent).join("/")}`;
      const query = new URLSearchParams();
      if (codeFile) query.set("code_file", codeFile);
      if (codeId) query.set("code_id", codeId);
      return download(url, query.size > 0 ? `?${query}` : "");
    },
  };
}

/** fetch itself says only that it failed; its cause says why. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as Error;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

async function download(url: string, query: string): Promise<FoundSymbolFile | undefined> {
  for (let attempt = 1; ; attempt++) {
    try {
      const response = await fetch(url + query, { signal: AbortSignal.timeout(DOWNLOAD_LIMIT_MS) });
      if (response.ok && response.body !== null) return { bytes: response.body, url };
      await response.body?.cancel();
      if (response.status < 500 && response.status !== 429) return undefined;
      throw new Error(`status ${response.status}`);
    } catch (error) {
      if (attempt === ATTEMPTS) throw new Error(reasonOf(error), { cause: error });
      await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 1));
    }
  }
}
