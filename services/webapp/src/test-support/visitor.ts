import type { FastifyInstance } from "fastify";

/** A browser without a screen: keeps cookies, and sends the token of the last page's forms along. */
export interface Visitor {
  get(url: string): Promise<{ status: number; body: string; location: string | undefined }>;
  /** Sends a form. @param fields without the page's token, which is added unless `isForged` */
  post(
    url: string,
    fields?: readonly (readonly [string, string])[],
    isForged?: boolean,
  ): Promise<{ status: number; body: string; location: string | undefined }>;
}

export function visitor(server: FastifyInstance): Visitor {
  const cookies: Record<string, string> = {};
  let csrf = "";
  const ask = async (options: { url: string; method?: "POST"; payload?: string }) => {
    const headers =
      options.method === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
    const reply = await server.inject({ ...options, cookies, headers });
    for (const { name, value } of reply.cookies) cookies[name] = value;
    csrf = /name="_csrf" value="([^"]+)"/.exec(reply.body)?.[1] ?? csrf;
    return { status: reply.statusCode, body: reply.body, location: reply.headers.location };
  };
  return {
    get: (url) => ask({ url }),
    post: (url, fields = [], isForged = false) => {
      const form = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
      if (!isForged) form.set("_csrf", csrf);
      return ask({ url, method: "POST", payload: form.toString() });
    },
  };
}
