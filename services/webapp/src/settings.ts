import {
  crashStoreSettings,
  declareSettings,
  links,
  list,
  port,
  searchSettings,
  secret,
  sharedSettings,
} from "@mayday/config";
import { isPermission, permissions } from "@mayday/crash";
import { z } from "zod";
import { groupPermissions } from "./auth/open-id.ts";

const rate = (most: number) => z.coerce.number().int().min(0).max(1_000_000).default(most);

export const webappSettings = declareSettings("WEBAPP_", {
  WEBAPP_PORT: port(8020).describe("Port of the webapp; 0 takes any free one."),
  WEBAPP_HOST: z.string().default("127.0.0.1").describe("Address the webapp listens on."),
  WEBAPP_PERMISSIONS: list()
    .pipe(z.array(z.enum(permissions)))
    .describe(
      `What every viewer may do, comma list of ${permissions.join(", ")}. Who has a token may do what that says instead: give nothing to a webapp that others than you can reach.`,
    ),
  WEBAPP_HOSTS: list()
    .transform((names) => names.map((name) => name.toLowerCase()))
    .pipe(z.array(z.string().regex(/^([a-z0-9._-]+|\[[0-9a-f:]+\])$/, "names of hosts, without a port")))
    .describe(
      "Host names under which people open the webapp, comma list, without ports: `crashes.example.com`. Besides them only localhost, 127.0.0.1 and [::1] have the permissions of WEBAPP_PERMISSIONS: any other name may be one that somebody else leads here.",
    ),
  WEBAPP_COLLECTOR_URL: z
    .url({ protocol: /^https?$/ })
    .default("http://127.0.0.1:8000")
    .describe(
      "Address of the collector, as the start page tells people who want to submit a report: the public one where a proxy stands before it. `npm start` knows it by itself.",
    ),
  WEBAPP_URL: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe(
      "Address under which people open the webapp: `https://crashes.example.com`. A login provider sends them back there; with https, cookies are sent through nothing else.",
    ),
  WEBAPP_OIDC_ISSUER: z
    .union([z.literal(""), z.url({ protocol: /^https?$/ })])
    .default("")
    .describe(
      "OpenID Connect provider that people log in with, by its issuer's address; when unset they log in with tokens. Needs WEBAPP_URL. Its redirect address is `<WEBAPP_URL>/login/callback/`.",
    ),
  WEBAPP_OIDC_CLIENT_ID: z.string().default("").describe("The webapp's client id at the login provider."),
  WEBAPP_OIDC_CLIENT_SECRET: secret().describe("The webapp's client secret at the login provider."),
  WEBAPP_OIDC_SCOPE: z
    .string()
    .default("openid profile email")
    .describe("What the login provider is asked for; some tell groups only when `groups` is among it."),
  WEBAPP_OIDC_GROUPS: z.string().default("groups").describe("The claim that lists a person's groups."),
  WEBAPP_GROUP_PERMISSIONS: list()
    .transform((pairs, context) => {
      const groups = groupPermissions(pairs, isPermission);
      if (groups !== undefined) return groups;
      context.addIssue({
        code: "custom",
        message: `group=permission+permission, of ${permissions.join(", ")}`,
      });
      return z.NEVER;
    })
    .describe(
      "What the members of the login provider's groups may do, comma list: `crash-team=view_pii+view_rawdump,ops=manage_jobs`.",
    ),
  SOURCE_LINKS: sharedSettings.SOURCE_LINKS,
  WEBAPP_BUG_LINK: z
    .string()
    .default("https://bugzilla.mozilla.org/show_bug.cgi?id={bug}")
    .refine((text) => /^https?:/.test(text), "an address with {bug}")
    .describe("Where a bug is looked at, by its number: an address with `{bug}`."),
  WEBAPP_FILE_BUG: links().describe(
    "Where a bug is filed, by product, comma list: `Firefox=https://bugzilla.mozilla.org/enter_bug.cgi?product=Firefox&short_desc={title}&comment={description}`; `*=…` for all others. Known besides: `{signature}`, `{bug_type}`, `{op_sys}`, `{rep_platform}`.",
  ),
  WEBAPP_PRODUCTS: list().describe(
    "Products that a search may name, comma list; empty for any. Another one is refused: it is a slip of the pen more often than a search for nothing.",
  ),
  WEBAPP_RATE_ANONYMOUS: rate(600).describe(
    "Requests to the API a minute of one address without a token; 0 for any number. Redis counts them for all webapps.",
  ),
  WEBAPP_RATE_TOKEN: rate(1000).describe("Requests to the API a minute of one token; 0 for any number."),
  WEBAPP_ADDRESS_HEADER: z
    .string()
    .regex(/^[A-Za-z0-9-]*$/, "the name of a header")
    .default("")
    .describe(
      "Header in which a proxy tells the client's address, as `X-Real-Ip`; empty where none does: anybody may send one.",
    ),
  SEARCH_PARITY: sharedSettings.SEARCH_PARITY,
  ...crashStoreSettings,
  ...searchSettings,
  REDIS_URL: sharedSettings.REDIS_URL,
  DATABASE_URL: sharedSettings.DATABASE_URL,
  SIGNATURE_LISTS: sharedSettings.SIGNATURE_LISTS,
  SIGNATURE_SWITCHES: sharedSettings.SIGNATURE_SWITCHES,
  LOG_LEVEL: sharedSettings.LOG_LEVEL,
  LOG_FILE: sharedSettings.LOG_FILE,
  LOG_MAX_MB: sharedSettings.LOG_MAX_MB,
  LOG_KEEP: sharedSettings.LOG_KEEP,
});
