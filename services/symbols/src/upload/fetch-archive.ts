import { createWriteStream } from "node:fs";
import { type IncomingMessage, request as requestPlain } from "node:http";
import { request as requestEncrypted } from "node:https";
import { basename, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { UploadProblem } from "./upload-problem.ts";

const MAX_REDIRECTS = 5;
const ATTEMPTS = 6;
const FIRST_PAUSE_MS = 200;
/** To be connected and answered, and then between two pieces of the body. */
const ANSWER_LIMIT_MS = 30_000;
const BODY_LIMIT_MS = 300_000;

export interface FetchRules {
  /** Hosts, with their port where it is not the usual one, that archives may be fetched from. */
  readonly hosts: readonly string[];
  /** Whether http will do: for tests, and networks of one's own. */
  readonly allowsPlain: boolean;
  readonly maxBytes: number;
}

/** An archive that was fetched. */
export interface FetchedArchive {
  readonly path: string;
  readonly name: string;
  readonly size: number;
  /** Where it was sent on to, hop by hop. */
  readonly redirectUrls: readonly string[];
}

/**
 * Fetches an archive for somebody who gave its address. Each hop must lead to an allowed host: it is this machine that
 * asks, from inside of its network.
 * @throws {UploadProblem} in Tecken's words
 */
export async function fetchArchive(url: string, folder: string, rules: FetchRules): Promise<FetchedArchive> {
  const redirectUrls: string[] = [];
  let at = allowed(url, url, rules);
  for (;;) {
    const head = await ask("HEAD", at, url);
    head.resume();
    const { statusCode = 0 } = head;
    if (statusCode >= 500) throw new UploadProblem(`${url} errored (${statusCode})`, 500);
    if (statusCode >= 400) throw new UploadProblem(`${url} can't be found (${statusCode})`);
    if (statusCode < 300 || head.headers.location === undefined) break;
    if (redirectUrls.length === MAX_REDIRECTS)
      throw new UploadProblem(`Too many redirects trying to open ${url}`);
    at = allowed(new URL(head.headers.location, at).href, url, rules);
    redirectUrls.push(at.href);
  }
  const name = basename(decodeURIComponent(at.pathname));
  if (name === "") throw new UploadProblem(`${url} names no file`);
  const response = await ask("GET", at, url);
  if (response.statusCode !== 200) {
    response.destroy();
    throw new UploadProblem(`non-200 status code when retrieving ${url}`);
  }
  const path = join(folder, "archive");
  return { path, name, size: await save(response, path, url, rules), redirectUrls };
}

/** The address, where it may be asked. */
function allowed(address: string, given: string, { hosts, allowsPlain }: FetchRules): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || url.host === "") throw new UploadProblem("Enter a valid URL.");
  if (url.protocol !== "https:" && !(allowsPlain && url.protocol === "http:")) {
    throw new UploadProblem("Insecure URL");
  }
  const user = url.username === "" ? "" : `${url.username}@`;
  if (user !== "" || !hosts.includes(url.host)) {
    const hop = address === given ? "" : `, to which ${given} leads`;
    throw new UploadProblem(`Not an allowed domain ('${user}${url.host}') to download from${hop || "."}`);
  }
  return url;
}

/** Asks, again where the server is in trouble that passes. */
async function ask(method: string, url: URL, given: string): Promise<IncomingMessage> {
  let problem = "";
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    if (attempt > 1) await sleep(FIRST_PAUSE_MS * 2 ** (attempt - 2));
    try {
      const response = await askOnce(method, url);
      if (response.statusCode !== 500 && response.statusCode !== 429) return response;
      response.resume();
      problem = "RetryError";
    } catch {
      problem = "ConnectionError";
    }
  }
  throw new UploadProblem(`${problem} trying to open ${given}`, 500);
}

function askOnce(method: string, url: URL): Promise<IncomingMessage> {
  const request = url.protocol === "https:" ? requestEncrypted : requestPlain;
  return new Promise((answered, failed) => {
    const asking = request(url, {
      method,
      timeout: ANSWER_LIMIT_MS,
      headers: { "user-agent": "mayday", "accept-encoding": "identity" },
    });
    asking.once("response", answered);
    asking.on("timeout", () => asking.destroy(new Error("no answer")));
    asking.on("error", failed);
    asking.end();
  });
}

async function save(
  response: IncomingMessage,
  path: string,
  url: string,
  rules: FetchRules,
): Promise<number> {
  response.setTimeout(BODY_LIMIT_MS, () => response.destroy(new Error("the server stopped sending")));
  let size = 0;
  try {
    await pipeline(
      response,
      async function* (pieces: AsyncIterable<Buffer>) {
        for await (const piece of pieces) {
          size += piece.length;
          if (size > rules.maxBytes)
            throw new UploadProblem(`${url} is larger than ${rules.maxBytes} bytes`, 413);
          yield piece;
        }
      },
      createWriteStream(path),
    );
  } catch (error) {
    if (error instanceof UploadProblem) throw error;
    throw new UploadProblem(`ConnectionError trying to open ${url}`, 500);
  }
  return size;
}
