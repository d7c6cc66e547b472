import { isPermission } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { askerOf } from "../asker.ts";
import type { PendingLogin } from "../auth/open-id.ts";
import { type Login, loginOf } from "../auth/sessions.ts";
import { savedSearches } from "../data/saved-searches.ts";
import { usableFields } from "../data/search.ts";
import { lifetimes, loginPage, profilePage, tokensPage } from "../pages/account-pages.ts";
import { messagePage } from "../pages/message-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { csrfFor, formOf, ownAddress } from "./forms.ts";
import { toldOfSearch } from "./saved-searches.ts";
import { sendPage } from "./send-page.ts";

const DAY_MS = 86_400_000;
const PENDING_COOKIE = "mayday_login";
/** How long one may take at the provider, s. */
const PENDING_SECONDS = 600;
const MOST_TOKENS = 100;

/** Adds logging in and out, the profile, and the tokens. */
export function addAccountRoutes(server: FastifyInstance, parts: WebappParts): void {
  const checked = { preHandler: server.csrfProtection };

  server.get("/login/", (request, reply) => sendLogin(request, reply, parts));
  server.post("/login/", checked, async (request, reply) => {
    const token = await parts.records.tokens.find(formOf(request).get("token")?.trim() ?? "");
    if (token === undefined) {
      parts.log.warn({ ip: request.ip }, "login with a token that is none");
      const problem = "The token is unknown, has ended, or was revoked.";
      return sendLogin(request, reply, parts, problem);
    }
    await open(request, { who: token.owner, name: token.owner, tokenId: token.id, permissions: [] }, parts);
    return reply.redirect(ownAddress(formOf(request).get("next")), 303);
  });
  server.get("/login/provider/", async (request, reply) => {
    if (parts.openId === undefined) return reply.redirect("/login/", 302);
    const { url, pending } = await parts.openId.begin();
    const next = ownAddress(queryOf(request).get("next"));
    return reply
      .setCookie(PENDING_COOKIE, JSON.stringify({ ...pending, next }), {
        path: "/login/",
        httpOnly: true,
        sameSite: "lax",
        secure: parts.isSecure,
        maxAge: PENDING_SECONDS,
      })
      .redirect(url, 302);
  });
  server.get("/login/callback/", async (request, reply) => {
    const pending = pendingOf(request.cookies[PENDING_COOKIE]);
    if (parts.openId === undefined || pending === undefined)
      throw new MaydayError("LOGIN_REFUSED", "the login was not begun here, or too long ago");
    const login = await parts.openId.finish(splitUrl(request.url).query, pending);
    await open(request, login, parts);
    return reply.clearCookie(PENDING_COOKIE, { path: "/login/" }).redirect(ownAddress(pending.next), 302);
  });
  server.post("/logout/", checked, async (request, reply) => {
    await request.session.destroy();
    return reply.redirect("/", 303);
  });

  server.get("/profile/", async (request, reply) => {
    const asker = await askerOf(request, parts);
    const { viewer, name } = asker;
    const searches = name === undefined ? undefined : (await savedSearches(parts, asker))?.own;
    const fields = usableFields(viewer);
    const told = toldOfSearch(request);
    return sendPage(reply, 200, profilePage({ csrf: csrfFor(reply), name, viewer, searches, fields, told }));
  });
  // Crash Stats' older addresses.
  for (const path of ["/permissions/", "/your-crashes/"])
    server.get(path, (_request, reply) => reply.redirect("/profile/", 301));

  server.get("/api/tokens/", (request, reply) => sendTokens(request, reply, parts));
  server.post("/api/tokens/", checked, async (request, reply) => {
    const { viewer, name, who } = await askerOf(request, parts);
    if (name === undefined) return reply.redirect("/login/?next=/api/tokens/", 303);
    const form = formOf(request);
    const asked = form.getAll("permission").filter(isPermission);
    const beyond = asked.find((permission) => !viewer.has(permission));
    if (beyond !== undefined)
      return sendTokens(request, reply, parts, { problem: `You lack ${beyond} yourself.` });
    if ((await parts.records.tokens.list(who)).filter(({ revoked }) => !revoked).length >= MOST_TOKENS)
      return sendTokens(request, reply, parts, { problem: `You have ${MOST_TOKENS} already: revoke some.` });
    const days = lifetimes.find((one) => String(one) === form.get("days")) ?? lifetimes[0];
    const { text, token } = await parts.records.tokens.create({
      permissions: asked,
      owner: who,
      note: (form.get("note") ?? "").slice(0, 200),
      expires: new Date(parts.now().getTime() + days * DAY_MS),
    });
    await parts.records.audit.add({ who, what: "token created", target: token.id });
    // Behind a redirect: loading the page again must not make another.
    request.session.madeToken = text;
    return reply.redirect("/api/tokens/", 303);
  });
  server.post("/api/tokens/revoke/", checked, async (request, reply) => {
    const { name, who } = await askerOf(request, parts);
    const id = formOf(request).get("id") ?? "";
    if (name !== undefined && (await parts.records.tokens.revoke(id, who)))
      await parts.records.audit.add({ who, what: "token revoked", target: id });
    return reply.redirect("/api/tokens/", 303);
  });
}

const queryOf = (request: FastifyRequest) => new URLSearchParams(splitUrl(request.url).query);

/** Opens a session under a new id: one that somebody knew before is worth nothing. */
async function open(request: FastifyRequest, login: Login, { records }: WebappParts): Promise<void> {
  await request.session.regenerate();
  request.session.login = login;
  await records.audit.add({ who: login.who, what: "login", target: "" });
}

function sendLogin(request: FastifyRequest, reply: FastifyReply, parts: WebappParts, problem?: string) {
  const next = ownAddress(queryOf(request).get("next") ?? formOf(request).get("next"));
  const view = { csrf: csrfFor(reply), next, hasProvider: parts.openId !== undefined };
  return sendPage(
    reply,
    problem === undefined ? 200 : 403,
    loginPage(problem === undefined ? view : { ...view, problem }),
  );
}

async function sendTokens(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebappParts,
  told: { readonly problem?: string } = {},
): Promise<FastifyReply> {
  const { viewer, name, who } = await askerOf(request, parts);
  if (name === undefined || loginOf(request) === undefined) {
    const says = "Tokens belong to somebody: log in to make one.";
    return sendPage(
      reply,
      403,
      messagePage({ title: "Who are you?", says, next: "/login/?next=/api/tokens/" }),
    );
  }
  const tokens = await parts.records.tokens.list(who);
  const view = { csrf: csrfFor(reply), viewer, tokens, now: parts.now(), ...madeIn(request), ...told };
  return sendPage(reply, told.problem === undefined ? 200 : 403, tokensPage(view));
}

function madeIn({ session }: FastifyRequest): { made?: string } {
  const { madeToken: made } = session;
  delete session.madeToken;
  return made === undefined ? {} : { made };
}

/** What the cookie remembers; it comes from the browser and may hold anything. */
function pendingOf(text: string | undefined): (PendingLogin & { readonly next: string }) | undefined {
  try {
    const { state, nonce, verifier, next } = JSON.parse(text ?? "") as Record<string, unknown>;
    return [state, nonce, verifier, next].every((one) => typeof one === "string")
      ? ({ state, nonce, verifier, next } as PendingLogin & { next: string })
      : undefined;
  } catch {
    return undefined;
  }
}
