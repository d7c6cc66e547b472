import type { FastifyInstance, FastifyRequest } from "fastify";
import { askerOf } from "../asker.ts";
import { type OpsSpan, operations, opsSpans } from "../data/operations.ts";
import { opsPage } from "../pages/ops-page.ts";
import type { WebappParts } from "../parts.ts";
import { splitUrl } from "../split-url.ts";
import { csrfFor } from "./forms.ts";
import { sendPage } from "./send-page.ts";

/** Adds the operators' page, and the figures its plots are drawn from. */
export function addOpsRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/ops/", async (request, reply) => {
    const { viewer, who } = await askerOf(request, parts);
    const span = spanOf(request);
    const mayManage = viewer.has("manage_jobs");
    const found = await operations(parts, span, mayManage || viewer.has("reprocess_crashes"));
    return sendPage(
      reply,
      200,
      opsPage({ found, span, now: parts.now(), csrf: csrfFor(reply), mayManage, who }),
    );
  });
  server.get("/ops/history/", async (request, reply) => {
    const found = await operations(parts, spanOf(request), false);
    const points = found === undefined ? [] : [...found.history, found.now];
    const names = Object.keys(points.at(-1)?.queues ?? {});
    const figure = (of: "waiting" | "active" | "oldestMs", unit: number) =>
      names.map((name) => points.map(({ queues }) => (queues[name]?.[of] ?? 0) / unit));
    return reply.header("cache-control", "private, no-cache").send({
      names,
      times: points.map(({ time }) => Math.floor(time.getTime() / 1000)),
      waiting: figure("waiting", 1),
      active: figure("active", 1),
      oldest: figure("oldestMs", 1000),
    });
  });
  server.get("/monitoring/", (_request, reply) => reply.redirect("/ops/", 301));
}

function spanOf(request: FastifyRequest): OpsSpan {
  const asked = new URLSearchParams(splitUrl(request.url).query).get("span") ?? "";
  return Object.hasOwn(opsSpans, asked) ? (asked as OpsSpan) : "day";
}
