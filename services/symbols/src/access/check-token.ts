import type { FastifyReply, FastifyRequest } from "fastify";
import { sendJson } from "../send-json.ts";
import type { TokenOwner, Tokens } from "./tokens.ts";

/** Why a token is not good, in Tecken's words. */
const REFUSALS = {
  unknown: "API Token not matched",
  expired: "API Token found but expired",
  inactive: "API Token matched but user not active",
} as const;

const owners = new WeakMap<FastifyRequest, TokenOwner>();

/** Who is behind a request's token; undefined without one. */
export function ownerOf(request: FastifyRequest): TokenOwner | undefined {
  return owners.get(request);
}

/** Looks at the token of a request, whatever it asks for: one that is not good is refused on every path. */
export function checkToken(tokens: Tokens) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const header = request.headers["auth-token"];
    if (typeof header !== "string" || header === "") return undefined;
    const answer = await tokens.find(header.split("-")[0] ?? "");
    if (answer.kind !== "valid") return refuse(reply, REFUSALS[answer.kind]);
    owners.set(request, answer.owner);
    reply.header("vary", "Auth-Token");
    return undefined;
  };
}

/** Lets a request through whose token has one of the permissions. */
export function needs(...permissions: readonly string[]) {
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> => {
    const owner = ownerOf(request);
    if (owner === undefined) {
      return refuse(
        reply.header("vary", "Cookie"),
        "This requires an Auth-Token to authenticate the request",
      );
    }
    if (permissions.length > 0 && !permissions.some((name) => owner.permissions.has(name))) {
      return refuse(reply, "Forbidden");
    }
    return undefined;
  };
}

/** Reads the rest of the request away: a client that still sends would not see the answer. */
function refuse(reply: FastifyReply, error: string): FastifyReply {
  reply.request.raw.resume();
  return sendJson(reply.code(403), { error });
}
