import type { Permission } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import * as client from "openid-client";
import type { Login } from "./sessions.ts";

export interface OpenIdSettings {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string;
  /** The claim that lists a person's groups. */
  readonly groupsClaim: string;
  readonly groups: ReadonlyMap<string, readonly Permission[]>;
  /** Where the provider sends people back to. */
  readonly redirectUri: string;
}

/** What is to be remembered while somebody is at the provider. */
export interface PendingLogin {
  readonly state: string;
  readonly nonce: string;
  readonly verifier: string;
}

/** Logging in through an OpenID Connect provider: authorization code with PKCE. */
export interface OpenId {
  /** Where to send somebody who wants to log in. @throws MaydayError LOGIN_UNAVAILABLE */
  begin(): Promise<{ url: string; pending: PendingLogin }>;
  /** Who came back with that query. @throws MaydayError LOGIN_REFUSED, LOGIN_UNAVAILABLE */
  finish(query: string, pending: PendingLogin): Promise<Login>;
}

/** The provider is asked for its addresses when the first person logs in: the webapp starts without it. */
export function openIdLogin(settings: OpenIdSettings): OpenId {
  let discovered: Promise<client.Configuration> | undefined;
  const configuration = async () => {
    discovered ??= discover(settings);
    try {
      return await discovered;
    } catch (error) {
      discovered = undefined;
      throw new MaydayError("LOGIN_UNAVAILABLE", (error as Error).message, { cause: error });
    }
  };
  return {
    async begin() {
      const config = await configuration();
      const pending = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        verifier: client.randomPKCECodeVerifier(),
      };
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: settings.redirectUri,
        scope: settings.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(pending.verifier),
        code_challenge_method: "S256",
      });
      return { url: url.href, pending };
    },
    async finish(query, pending) {
      const config = await configuration();
      try {
        const tokens = await client.authorizationCodeGrant(
          config,
          new URL(`${settings.redirectUri}?${query}`),
          {
            pkceCodeVerifier: pending.verifier,
            expectedState: pending.state,
            expectedNonce: pending.nonce,
          },
        );
        const claims = tokens.claims();
        if (claims === undefined) throw new Error("there is no id token");
        const more =
          config.serverMetadata().userinfo_endpoint === undefined
            ? {}
            : await client.fetchUserInfo(config, tokens.access_token, claims.sub);
        return loginOfClaims({ ...claims, ...more }, settings);
      } catch (error) {
        throw new MaydayError("LOGIN_REFUSED", (error as Error).message, { cause: error });
      }
    },
  };
}

function discover({ issuer, clientId, clientSecret }: OpenIdSettings): Promise<client.Configuration> {
  const server = new URL(issuer);
  // A provider on this machine, as in tests, has no certificate.
  const isHere = ["localhost", "127.0.0.1", "[::1]"].includes(server.hostname);
  return client.discovery(server, clientId, clientSecret, undefined, {
    execute: isHere ? [client.allowInsecureRequests] : [],
  });
}

/** Who the provider's claims say it is, with the permissions of the groups; the provider's words may be of any type. */
export function loginOfClaims(
  claims: Readonly<Record<string, unknown>>,
  { groupsClaim, groups }: Pick<OpenIdSettings, "groupsClaim" | "groups">,
): Login {
  const told = claims[groupsClaim];
  const names = Array.isArray(told) ? told : typeof told === "string" ? told.split(/[\s,]+/) : [];
  const permissions = names.flatMap((name) => groups.get(String(name)) ?? []);
  const { sub, email, email_verified: isVerified, name, preferred_username: nick } = claims;
  const shown = [name, nick, email, sub].find((text) => typeof text === "string" && text !== "");
  // An address that the provider did not verify may be anybody's: the audit log has the subject then.
  const who = typeof email === "string" && isVerified !== false ? email : String(sub);
  return { who, name: String(shown), permissions: [...new Set(permissions)] };
}

/** Reads `group=permission+permission` pairs. @returns undefined where a pair cannot be read */
export function groupPermissions(
  pairs: readonly string[],
  isKnown: (name: string) => name is Permission,
): ReadonlyMap<string, readonly Permission[]> | undefined {
  const groups = new Map<string, readonly Permission[]>();
  for (const pair of pairs) {
    const [, group, list] = /^(.+)=([^=]+)$/.exec(pair) ?? [];
    const names = list?.split("+") ?? [];
    if (group === undefined || !names.every(isKnown)) return undefined;
    groups.set(group, names.filter(isKnown));
  }
  return groups;
}
