import { setTimeout as pause } from "node:timers/promises";
import { MaydayError } from "@mayday/errors";

/** Asks a running Mayday, or any Crash Stats. */
export interface SearchClient {
  readonly hasToken: boolean;
  /** The bytes of an answer, by the endpoint's name. @throws MaydayError API_REFUSED */
  bytes(endpoint: string, params: URLSearchParams): Promise<Buffer>;
  json<T>(endpoint: string, params: URLSearchParams): Promise<T>;
}

const TIMEOUT_MS = 60_000;
/** How often it is asked again while it is busy or away, and the first pause, ms; each next is twice as long. */
const TRIES = 8;
const PAUSE_MS = 250;
const AGAIN = new Set([429, 500, 502, 503, 504]);

/**
 * @param host as the command line has it; else that of MAYDAY_URL, else the one `mayday up` listens at by itself
 * @param environment has the token: MAYDAY_TOKEN, or CRASHSTATS_API_TOKEN as Crash Stats' own tools take it
 */
export function searchClient(host: string | undefined, environment: NodeJS.ProcessEnv): SearchClient {
  const base = (host ?? environment["MAYDAY_URL"] ?? "http://127.0.0.1:8020").replace(/\/+$/, "");
  const token = environment["MAYDAY_TOKEN"] ?? environment["CRASHSTATS_API_TOKEN"] ?? "";
  const headers: Record<string, string> = token === "" ? {} : { "auth-token": token };
  const bytes: SearchClient["bytes"] = async (endpoint, params) => {
    const url = `${base}/api/${endpoint}/?${params}`;
    for (let tried = 1; ; tried++) {
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(TIMEOUT_MS) }).catch(
        (error: unknown) => error as Error,
      );
      if (response instanceof Error) {
        if (tried === TRIES)
          throw new MaydayError("API_REFUSED", `${base} does not answer`, { cause: response });
      } else {
        const body = Buffer.from(await response.arrayBuffer());
        if (response.ok) return body;
        if (tried === TRIES || !AGAIN.has(response.status))
          throw new MaydayError("API_REFUSED", `${response.status} ${reasonIn(body.toString())}`);
      }
      await pause(PAUSE_MS * 2 ** (tried - 1));
    }
  };
  return {
    hasToken: token !== "",
    bytes,
    json: async (endpoint, params) => JSON.parse((await bytes(endpoint, params)).toString()),
  };
}

/** What an answer says is wrong. */
function reasonIn(body: string): string {
  try {
    const { error, errors } = JSON.parse(body) as { error?: unknown; errors?: unknown };
    return typeof error === "string" ? error : JSON.stringify(errors ?? "");
  } catch {
    return body.slice(0, 200);
  }
}
