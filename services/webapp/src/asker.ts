import { MaydayError } from "@mayday/errors";
import type { FastifyRequest } from "fastify";
import { loginOf } from "./auth/sessions.ts";
import type { WebappParts } from "./parts.ts";
import { isOwnPage, nobody, type Viewer, viewerOf } from "./permissions.ts";

/** Who is behind a request. */
export interface Asker {
  readonly viewer: Viewer;
  /** As the audit log has it: a token's id and owner, who is logged in, or `local` for who needs neither. */
  readonly who: string;
  /** Whether a token says so. */
  readonly hasToken: boolean;
  /** Who is logged in, as pages show it; undefined for who is not. */
  readonly name?: string;
}

/**
 * Who asks: the bearer of the request's `Auth-Token`, with the token's permissions and no others; without one, who is
 * logged in; and whoever may do what WEBAPP_PERMISSIONS grants to all.
 * @throws MaydayError TOKEN_INVALID when there is a token and it is unknown, expired or revoked
 */
export async function askerOf(
  request: FastifyRequest,
  { granted, records }: Pick<WebappParts, "granted" | "records">,
): Promise<Asker> {
  const header = request.headers["auth-token"];
  if (typeof header !== "string" || header === "") {
    const source = { origin: request.headers.origin, host: request.host };
    const everybody = viewerOf(source, granted);
    const login = isOwnPage(source) ? loginOf(request) : undefined;
    if (login === undefined) return { viewer: everybody, who: "local", hasToken: false };
    const own = await permissionsOf(login, records);
    if (own === undefined) return { viewer: everybody, who: "local", hasToken: false };
    return { viewer: new Set([...everybody, ...own]), who: login.who, hasToken: false, name: login.name };
  }
  // Crash Stats' and Tecken's tokens may have a label behind a dash.
  const token = await records.tokens.find(header.split("-")[0]!.trim());
  if (token === undefined) throw new MaydayError("TOKEN_INVALID");
  return { viewer: new Set(token.permissions), who: `${token.id} ${token.owner}`, hasToken: true };
}

/** What a session may do now; undefined when the token that opened it is no longer valid. */
async function permissionsOf(
  { tokenId, permissions }: NonNullable<ReturnType<typeof loginOf>>,
  records: WebappParts["records"],
): Promise<Viewer | undefined> {
  if (tokenId === undefined) return permissions.length === 0 ? nobody : new Set(permissions);
  const token = await records.tokens.get(tokenId);
  return token && new Set(token.permissions);
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
