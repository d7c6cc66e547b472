import { resolve } from "node:path";
import { readSettings } from "@mayday/config";
import type { Permission } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import { addressesOf } from "../addresses.ts";
import type { OpenRecords } from "../records/with-records.ts";
import { webappClientSettings } from "./settings.ts";

export interface ClientOptions {
  readonly url?: string;
  readonly token?: string;
}

/** Asks a webapp's API. Each method throws MaydayError WEBAPP_UNAVAILABLE or WEBAPP_REFUSED. */
export interface WebappClient {
  readonly url: string;
  get<T>(name: string, params?: Readonly<Record<string, string>>): Promise<T>;
  post<T>(name: string, form: URLSearchParams): Promise<T>;
}

/**
 * Uses the webapp that the options or MAYDAY_URL name, else that of MAYDAY_DATA_DIR. There, where nobody gave a token, it
 * makes one with these permissions for as long as it takes: who can write the records may do so.
 */
export async function withWebapp<T>(
  options: ClientOptions,
  permissions: readonly [Permission, ...Permission[]],
  open: OpenRecords,
  use: (client: WebappClient) => Promise<T>,
): Promise<T> {
  const settings = readSettings(webappClientSettings, process.env);
  const named = options.url ?? settings.MAYDAY_URL;
  const token = options.token ?? settings.MAYDAY_TOKEN;
  if (named !== "") return use(clientOf(named, token));
  const own = await addressesOf(resolve(settings.MAYDAY_DATA_DIR));
  if (own === undefined)
    throw new MaydayError(
      "WEBAPP_UNAVAILABLE",
      "nothing was started in MAYDAY_DATA_DIR; --url names another place",
    );
  if (token !== "") return use(clientOf(own.webapp, token));
  const records = await open(settings);
  try {
    const made = await records.tokens.create({
      permissions,
      owner: "administrator",
      note: "for one command",
      expires: new Date(Date.now() + DAY_MS),
    });
    try {
      return await use(clientOf(own.webapp, made.text));
    } finally {
      await records.tokens.revoke(made.token.id);
    }
  } finally {
    await records.close();
  }
}

/** The end of a token whose command was killed, ms. */
const DAY_MS = 86_400_000;

function clientOf(url: string, token: string): WebappClient {
  const base = `${url.replace(/\/+$/, "")}/api/`;
  const headers: Record<string, string> = token === "" ? {} : { "auth-token": token };
  return {
    url,
    get: (name, params = {}) => ask(`${base}${name}/?${new URLSearchParams(params)}`, { headers }),
    post: (name, form) => ask(`${base}${name}/`, { method: "POST", headers, body: form }),
  };
}

const LIMIT_MS = 600_000;

async function ask<T>(url: string, request: RequestInit): Promise<T> {
  const { origin } = URL.canParse(url) ? new URL(url) : { origin: undefined };
  if (origin === undefined) throw new MaydayError("USAGE", `${url} is no address`);
  const response = await fetch(url, { ...request, signal: AbortSignal.timeout(LIMIT_MS) }).catch((cause) => {
    throw new MaydayError("WEBAPP_UNAVAILABLE", `${origin} does not answer`, { cause });
  });
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer as T;
  throw new MaydayError("WEBAPP_REFUSED", `${response.status} ${reasonIn(answer)}`.trim());
}

/** What an answer of the API says is wrong, in one line. */
function reasonIn(answer: unknown): string {
  const { error, errors } = (answer ?? {}) as { error?: unknown; errors?: Record<string, unknown> };
  if (typeof error === "string") return error;
  return Object.entries(errors ?? {})
    .map(([name, why]) => `${name}: ${String(why)}`)
    .join("; ");
}
