import { MaydayError } from "@mayday/errors";
import type { FastifyRequest } from "fastify";
import type { WebappParts } from "./parts.ts";
import { type Viewer, viewerOf } from "./permissions.ts";

/** Who is behind a request. */
export interface Asker {
  readonly viewer: Viewer;
  /** As the audit log has it: a token's id and owner, or `local` for who needs no token. */
  readonly who: string;
  /** Whether a token says so. */
  readonly hasToken: boolean;
}

/**
 * Who asks: the bearer of the request's `Auth-Token`, with the token's permissions and no others; without one, whoever
 * may do what WEBAPP_PERMISSIONS grants to all.
 * @throws MaydayError TOKEN_INVALID when there is a token and it is unknown, expired or revoked
 */
export async function askerOf(
  request: FastifyRequest,
  { granted, records }: Pick<WebappParts, "granted" | "records">,
): Promise<Asker> {
  const header = request.headers["auth-token"];
  if (typeof header !== "string" || header === "") {
    const viewer = viewerOf({ origin: request.headers.origin, host: request.host }, granted);
    return { viewer, who: "local", hasToken: false };
  }
  // Crash Stats' and Tecken's tokens may have a label behind a dash.
  const token = await records.tokens.find(header.split("-")[0]!.trim());
  if (token === undefined) throw new MaydayError("TOKEN_INVALID");
  return { viewer: new Set(token.permissions), who: `${token.id} ${token.owner}`, hasToken: true };
}

/** Leaves a line in the audit log for a look at what is protected. */
export async function noteLook(
  { who, viewer }: Asker,
  what: string,
  target: string,
  { records }: Pick<WebappParts, "records">,
): Promise<void> {
  if (viewer.has("view_pii") || viewer.has("view_rawdump")) await records.audit.add({ who, what, target });
}
