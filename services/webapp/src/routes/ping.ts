import type { FastifyInstance } from "fastify";
import { loadPing, redactPing, sameDump } from "../api/crash-ping.ts";
import { askerOf, noteLook } from "../asker.ts";
import { messagePage } from "../pages/message-page.ts";
import { pingPage } from "../pages/ping-page.ts";
import type { WebappParts } from "../parts.ts";
import { sendPage } from "./send-page.ts";

/** Adds the page of a crash ping: `/ping/<document id>`. */
export function addPingRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/ping/:documentId", async (request, reply) => {
    const { documentId = "" } = request.params as Record<string, string>;
    const id = documentId.toLowerCase().replace(/^ping-/, "");
    const ping = await loadPing(id, parts);
    if (ping === undefined) {
      const says = "No ping is stored under that id. It may never have arrived, or it has expired.";
      return sendPage(reply, 404, messagePage({ title: "No such ping", says }));
    }
    const asker = await askerOf(request, parts);
    await noteLook(asker, "ping", id, parts);
    const seen = asker.viewer.has("view_pii") ? { ...ping } : redactPing(ping);
    const reports = await sameDump(ping.minidump_sha256_hash, "report", parts.engine);
    return sendPage(reply, 200, pingPage({ documentId: id, ping: seen, reports }));
  });
}
