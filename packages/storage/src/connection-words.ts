const NO_CONNECTION: Record<string, string> = {
  ECONNREFUSED: "nobody listens there",
  ENOTFOUND: "there is no such host",
  EAI_AGAIN: "the host's name cannot be looked up now",
  EHOSTUNREACH: "there is no way to the host",
  ENETUNREACH: "there is no way to the host's network",
  ECONNRESET: "the connection was cut",
  EPIPE: "the connection was cut",
  ETIMEDOUT: "no answer in time",
  TimeoutError: "no answer in time",
  CERT_HAS_EXPIRED: "its certificate has expired",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is signed by itself",
  ERR_TLS_CERT_ALTNAME_INVALID: "its certificate is another host's",
};

/** What is wrong with the way to a server, in words; undefined when it is something else. */
export function connectionWords(error: unknown, address: string): string | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, name } = at as NodeJS.ErrnoException;
    const why = NO_CONNECTION[code ?? ""] ?? NO_CONNECTION[name];
    if (why !== undefined) return `cannot connect to ${hostOf(address)}: ${why} (${code ?? name})`;
  }
  return undefined;
}

function hostOf(address: string): string {
  const url = URL.parse(address);
  if (url === null) return address;
  return `${url.hostname}:${url.port || (url.protocol === "http:" ? 80 : 443)}`;
}
