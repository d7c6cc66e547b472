import type { RedisOptions as AnyOptions, SentinelAddress } from "ioredis";

/** Replies come as BullMQ expects them. */
export type RedisOptions = Omit<AnyOptions, "replyMapping">;

/** Where Redis is. `alone`: one server, or a proxy that looks like one. */
export type RedisPlace =
  | { readonly kind: "alone"; readonly url: string; readonly options: RedisOptions }
  | { readonly kind: "sentinel"; readonly options: RedisOptions }
  | {
      readonly kind: "cluster";
      readonly nodes: readonly { readonly host: string; readonly port: number }[];
      readonly options: RedisOptions;
    };

const SENTINEL_PORT = 26_379;
const REDIS_PORT = 6379;

/**
 * Reads the address of a Redis: `redis://` or `rediss://` (with TLS), `unix://` or the path of a socket;
 * `redis+sentinel://user:password@host:port,host:port/name`, the servers being asked for the primary of that name;
 * `redis+cluster://user:password@host:port,host:port`, some of the cluster's servers. `rediss+…` is TLS in both.
 * The password is Redis'; Sentinels are asked without one.
 * @throws {TypeError} when it is none of these; the message does not quote it
 */
export function redisPlace(url: string): RedisPlace {
  if (url.startsWith("/")) return { kind: "alone", url: "", options: { path: url } };
  if (url.startsWith("unix://"))
    return { kind: "alone", url: "", options: { path: url.slice("unix://".length) } };
  const several = /^redis(s?)\+(sentinel|cluster):\/\/(?:([^/]*)@)?([^/@]+)(?:\/([^/]*))?$/.exec(url);
  if (several === null) {
    if (!/^rediss?:\/\//.test(url)) throw new TypeError("REDIS_URL is no address of a Redis");
    return { kind: "alone", url, options: {} };
  }
  const [, tls, kind, who = "", hosts = "", name = ""] = several;
  const options: RedisOptions = { ...credentials(who), ...(tls ? { tls: {} } : {}) };
  const at = (port: number) => hosts.split(",").map((host) => hostAndPort(host, port));
  if (kind === "cluster") return { kind, nodes: at(REDIS_PORT), options };
  if (name === "") throw new TypeError("REDIS_URL names no primary behind its sentinels: …/name");
  const sentinels: SentinelAddress[] = at(SENTINEL_PORT);
  return {
    kind: "sentinel",
    options: { ...options, sentinels, name, ...(tls ? { enableTLSForSentinelMode: true } : {}) },
  };
}

function credentials(text: string): Pick<RedisOptions, "username" | "password"> {
  if (text === "") return {};
  const at = text.indexOf(":");
  const [user, password] = at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + 1)];
  return {
    ...(user === "" ? {} : { username: decodeURIComponent(user) }),
    ...(password === "" ? {} : { password: decodeURIComponent(password) }),
  };
}

/** An IPv6 address stands in brackets. */
function hostAndPort(text: string, port: number): { host: string; port: number } {
  const read = /^(?:\[([0-9a-f:]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i.exec(text.trim());
  if (read === null) throw new TypeError("REDIS_URL has a host that cannot be read");
  return { host: (read[1] ?? read[2])!, port: read[3] === undefined ? port : Number(read[3]) };
}
