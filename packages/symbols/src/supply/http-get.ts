import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestEncrypted } from "node:https";

/** What a request says besides. */
export type HttpHeaders = Readonly<Record<string, string>>;

/** As many as browsers follow. */
const MOST_REDIRECTS = 20;

/** A body up to this size is read away, so that its connection serves again; a larger one ends its connection. */
const SMALL_BYTES = 64 * 1024;

/**
 * Asks with GET and follows redirects. The answer's body comes as it is sent. (fetch decodes it, and takes a gzip stream
 * that was cut for a whole one.)
 * @param limitMs time for the answer and its body
 */
export async function httpGet(
  url: string,
  limitMs: number,
  headers: HttpHeaders = {},
): Promise<IncomingMessage> {
  const signal = AbortSignal.timeout(limitMs);
  let at = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await getOnce(at, signal, headers);
    const next = redirection(response, at);
    if (next === undefined) return response;
    letGo(response);
    at = next;
  }
  throw new Error("too many redirects");
}

/** As {@link httpGet}, but follows none. */
export function httpGetOnce(
  url: string,
  limitMs: number,
  headers: HttpHeaders = {},
): Promise<IncomingMessage> {
  return getOnce(url, AbortSignal.timeout(limitMs), headers);
}

/** Where an answer sends who asked at `url`; undefined where it does not. */
export function redirection({ statusCode = 0, headers }: IncomingMessage, url: string): string | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return undefined;
  return new URL(headers.location, url).href;
}

/** Does without an answer's body. */
export function letGo(response: IncomingMessage): void {
  let bytes = 0;
  response.on("data", (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > SMALL_BYTES) response.destroy();
  });
}

function getOnce(url: string, signal: AbortSignal, more: HttpHeaders): Promise<IncomingMessage> {
  const request = url.startsWith("https:") ? requestEncrypted : requestPlain;
  return new Promise((answered, failed) => {
    const headers = { "accept-encoding": "gzip", "user-agent": "mayday", ...more };
    const asking = request(url, { signal, headers });
    asking.once("response", answered);
    // Also when the connection breaks within the body; then who reads that is told.
    asking.on("error", failed);
    asking.end();
  });
}
