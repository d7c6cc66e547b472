import { setTimeout as pause } from "node:timers/promises";
import { exactNumber, isExactNumber, parseExactJson } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";

/** An answer of OpenSearch, as JSON. */
export type Json = Readonly<Record<string, unknown>>;

/** A request that OpenSearch refused: its status, and the reason it gives. */
export class RefusedError extends Error {
  readonly status: number;
  readonly type: string;

  constructor(status: number, type: string, reason: string) {
    super(`${type}: ${reason}`);
    this.status = status;
    this.type = type;
  }
}

const TIMEOUT_MS = 60_000;

/** Asks OpenSearch over HTTP. Whole numbers of any size go and come as they are, large ones as bigints. */
export interface OpenSearchClient {
  /**
   * @param body JSON, or lines of JSON
   * @throws RefusedError, or MaydayError SEARCH_UNAVAILABLE when nobody answers
   */
  ask(method: string, path: string, body?: Json | readonly Json[]): Promise<Json>;
}

/** How often, and after how many milliseconds, it is asked again while it is busy: an index just made does not answer. */
const TRIES = 30;
const PAUSE_MS = 200;

export function openSearchClient(url: string): OpenSearchClient {
  const once = clientOf(url);
  return {
    async ask(method, path, body) {
      for (let left = TRIES; ; left--) {
        try {
          return await once.ask(method, path, body);
        } catch (error) {
          const isBusy = error instanceof RefusedError && (error.status === 503 || error.status === 429);
          if (!isBusy || left === 0) throw error;
          await pause(PAUSE_MS);
        }
      }
    },
  };
}

function clientOf(url: string): OpenSearchClient {
  const base = url.replace(/\/+$/, "");
  return {
    async ask(method, path, body) {
      const text = body === undefined ? null : Array.isArray(body) ? body.map(line).join("") : write(body);
      const type = Array.isArray(body) ? "application/x-ndjson" : "application/json";
      const response = await fetch(`${base}${path}`, {
        method,
        body: text,
        headers: text === null ? {} : { "content-type": type },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch((cause: unknown) => {
        throw new MaydayError("SEARCH_UNAVAILABLE", `${base} does not answer`, { cause });
      });
      const answer = read(await response.text());
      if (response.ok) return answer;
      const error = (typeof answer["error"] === "object" ? (answer["error"] ?? {}) : {}) as Json;
      const [cause = error] = (error["root_cause"] ?? []) as Json[];
      throw new RefusedError(
        response.status,
        String(cause["type"] ?? error["type"]),
        String(cause["reason"] ?? ""),
      );
    },
  };
}

const line = (one: Json): string => `${write(one)}\n`;

const write = (value: unknown): string =>
  JSON.stringify(value, (_name, one: unknown) => (typeof one === "bigint" ? exactNumber(String(one)) : one));

function read(text: string): Json {
  try {
    return numbersIn(parseExactJson(text)) as Json;
  } catch {
    return {};
  }
}

/** Exact numbers as bigints where they are whole and large. */
function numbersIn(value: unknown): unknown {
  if (isExactNumber(value)) {
    const number = Number(value.rawJSON);
    return /^-?\d+$/.test(value.rawJSON) && !Number.isSafeInteger(number) ? BigInt(value.rawJSON) : number;
  }
  if (Array.isArray(value)) return value.map(numbersIn);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, numbersIn(one)]));
}
