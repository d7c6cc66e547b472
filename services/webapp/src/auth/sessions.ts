import fastifyCookie from "@fastify/cookie";
import fastifyCsrf from "@fastify/csrf-protection";
import fastifySession from "@fastify/session";
import { isPermission, type Permission } from "@mayday/crash";
import type { Logger } from "@mayday/observability";
import type { Expiring } from "@mayday/queue";
import type { FastifyInstance, FastifyRequest, Session } from "fastify";

/** Who logged in, as a session remembers it. */
export interface Login {
  /** As the audit log has it, and as the owner of tokens. */
  readonly who: string;
  /** As pages show it. */
  readonly name: string;
  /** The token that opened the session: what it may do is asked of the records each time, so that revoking it ends both. */
  readonly tokenId?: string;
  /** What the login provider's groups gave at login. */
  readonly permissions: readonly Permission[];
}

declare module "fastify" {
  interface Session {
    login?: Login;
    /** The text of a token that was made just now: the next page shows it and it is forgotten. */
    madeToken?: string;
  }
}

/** How long a session lasts without being used, ms. */
const SESSION_MS = 12 * 3600_000;

export interface SessionOptions {
  /** Where sessions are kept; in memory when absent, for tests. */
  readonly kept: Expiring | undefined;
  /** Whether people reach the webapp through https: cookies are then sent through nothing else. */
  readonly isSecure: boolean;
  readonly log: Logger;
}

/** Adds sessions, and tokens against forged forms. Only who logs in has a session. */
export function addSessions(server: FastifyInstance, { kept, isSecure, log }: SessionOptions): void {
  const cookie = { path: "/", httpOnly: true, sameSite: "lax", secure: isSecure } as const;
  server.register(fastifyCookie);
  server.register(fastifySession, {
    // Ids are 192 random bits and looked up in Redis: a signature would add nothing, and a secret to keep.
    secret: { sign: (value) => value, unsign: (value) => ({ valid: true, renew: false, value }) },
    cookieName: "mayday_session",
    cookie: { ...cookie, maxAge: SESSION_MS },
    saveUninitialized: false,
    rolling: true,
    ...(kept === undefined ? {} : { store: storeIn(kept, log) }),
  });
  server.register(fastifyCsrf, {
    cookieKey: "mayday_csrf",
    cookieOpts: cookie,
    getToken: (request) => (request.body as URLSearchParams | undefined)?.get?.("_csrf") ?? "",
  });
}

type Callback = (error?: unknown, session?: Session | null) => void;

/** Sessions in Redis. While Redis is away everybody is logged out, and pages work on. */
function storeIn(kept: Expiring, log: Logger) {
  return {
    get(id: string, done: Callback) {
      kept.get(id).then(
        (text) => done(null, text === undefined ? null : (JSON.parse(text) as Session)),
        (error) => {
          log.warn({ err: error }, "sessions do not answer: viewers are nobody");
          done(null, null);
        },
      );
    },
    set(id: string, session: Session, done: Callback) {
      kept.set(id, JSON.stringify(session), SESSION_MS).then(() => done(), done);
    },
    destroy(id: string, done: Callback) {
      kept.delete(id).then(() => done(), done);
    },
  };
}

/** Who is logged in; undefined for nobody. What a session holds that is no permission gives nothing. */
export function loginOf(request: FastifyRequest): Login | undefined {
  const login = (request.session as Session | undefined)?.login;
  return login && { ...login, permissions: login.permissions.filter(isPermission) };
}
