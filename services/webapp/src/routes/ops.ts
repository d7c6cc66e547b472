import type { FastifyInstance } from "fastify";
import { queueDepths } from "../data/queue-depths.ts";
import { opsPage } from "../pages/ops-page.ts";
import type { WebappParts } from "../parts.ts";
import { sendPage } from "./send-page.ts";

/** Adds the operators' page. */
export function addOpsRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/ops/", async (_request, reply) =>
    sendPage(reply, 200, opsPage(await queueDepths(parts), parts.now())),
  );
}
