import type { FastifyInstance } from "fastify";
import { allScripts } from "../pages/scripts.ts";
import { stylesheet } from "../pages/stylesheet.ts";

/** Adds what does not change while the webapp runs. */
export function addStaticRoutes(server: FastifyInstance): void {
  server.get(stylesheet.path, (_request, reply) =>
    reply
      .header("content-type", "text/css; charset=utf-8")
      .header("cache-control", "public, max-age=31536000, immutable")
      .send(stylesheet.text),
  );
  for (const { path, text } of allScripts) {
    server.get(path, (_request, reply) =>
      reply
        .header("content-type", "text/javascript; charset=utf-8")
        .header("cache-control", "public, max-age=31536000, immutable")
        .send(text),
    );
  }
  // Reports are not for search engines to keep.
  server.get("/robots.txt", (_request, reply) =>
    reply.header("content-type", "text/plain; charset=utf-8").send("User-agent: *\nDisallow: /\n"),
  );
}
