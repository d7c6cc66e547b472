import type { FastifyInstance } from "fastify";
import { documentationIndex, documentationPage } from "../pages/documentation.ts";
import { messagePage } from "../pages/message-page.ts";
import { sendPage } from "./send-page.ts";

/** Adds the documentation, and the older addresses of Crash Stats' pages. */
export function addDocumentationRoutes(server: FastifyInstance): void {
  server.get("/documentation/", (_request, reply) => sendPage(reply, 200, documentationIndex()));
  server.get("/documentation/:name/", (request, reply) => {
    const page = documentationPage((request.params as { name: string }).name);
    if (page !== undefined) return sendPage(reply, 200, page);
    const says = "There is no such chapter.";
    return sendPage(
      reply,
      404,
      messagePage({ title: "No such page", says, next: "/documentation/", nextLabel: "All chapters" }),
    );
  });
  for (const name of ["examples", "api"]) {
    const target = name === "api" ? "/api/" : "/documentation/supersearch/";
    server.get(`/documentation/supersearch/${name}/`, (_request, reply) => reply.redirect(target, 301));
  }
  server.get("/query/", (_request, reply) => reply.redirect("/search/", 301));
}
