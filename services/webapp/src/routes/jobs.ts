import { findCrashId, parseCrashId } from "@mayday/crash";
import { MaydayError } from "@mayday/errors";
import type { BulkJob } from "@mayday/queue";
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Asker } from "../asker.ts";
import type { Query } from "../data/ask.ts";
import { daysBefore } from "../data/ask.ts";
import { matchingCrashes } from "../data/matching-crashes.ts";
import { usableFields } from "../data/search.ts";
import { bulkJobPage } from "../pages/bulk-job-page.ts";
import { messagePage } from "../pages/message-page.ts";
import type { WebappParts } from "../parts.ts";
import { csrfFor, formOf } from "./forms.ts";
import { permitted } from "./permitted.ts";
import { sendPage } from "./send-page.ts";

const LONGEST_WHAT = 500;

/** Adds what people start and steer: processing again one crash or all of a search, bulk jobs, crashes set aside. */
export function addJobRoutes(server: FastifyInstance, parts: WebappParts): void {
  const checked = { preHandler: server.csrfProtection };
  const { records, publisher, bulk, crashJobs } = parts;

  server.post("/report/reprocess/", checked, async (request, reply) => {
    const { who } = await permitted(request, parts, "reprocess_crashes");
    const id = findCrashId(formOf(request).get("crash_id") ?? "");
    if (id === undefined) throw new MaydayError("CRASH_ID_INVALID");
    await publisher.publishCrash("reprocessing", id);
    await records.audit.add({ who, what: "reprocess", target: id });
    return reply.redirect(`/report/index/${id}?queued=1#notes`, 303);
  });

  server.post("/ops/bulk/", checked, async (request, reply) => {
    const asker = await permitted(request, parts, "reprocess_crashes");
    const text = formOf(request).get("query") ?? "";
    const filters = filtersOf(new URLSearchParams(text), asker, parts.now());
    const job = await bulk.create({
      what: `search ${new URLSearchParams(filters.map(([name, value]): [string, string] => [name, value])).toString()}`.slice(
        0,
        LONGEST_WHAT,
      ),
      crashIds: matchingCrashes(parts, filters),
      by: asker.who,
      start: true,
    });
    await records.audit.add({ who: asker.who, what: "bulk reprocess", target: job.id });
    return reply.redirect(`/ops/bulk/${job.id}/`, 303);
  });

  server.get("/ops/bulk/:id/", async (request, reply) => {
    const { viewer, who } = await permitted(request, parts, "reprocess_crashes", "manage_jobs");
    const job = await bulk.get((request.params as { id: string }).id);
    if (job === undefined) {
      const says = "There is no such job. Jobs that are over are forgotten after a week.";
      return sendPage(reply, 404, messagePage({ title: "No such job", says }));
    }
    const maySteer = viewer.has("manage_jobs") || job.by === who;
    return sendPage(reply, 200, bulkJobPage({ job, csrf: csrfFor(reply), maySteer }));
  });

  server.post("/ops/bulk/:id/", checked, async (request, reply) => {
    const asker = await permitted(request, parts, "reprocess_crashes", "manage_jobs");
    const { id } = request.params as { id: string };
    const job = await bulk.get(id);
    if (job !== undefined) await steer(job, request, asker, parts);
    return reply.redirect(
      formOf(request).get("back") === "ops" ? "/ops/" : `/ops/bulk/${encodeURIComponent(id)}/`,
      303,
    );
  });

  server.post("/ops/failed/", checked, async (request, reply) => {
    const { who } = await permitted(request, parts, "manage_jobs");
    const form = formOf(request);
    const asked = form.get("crash_id");
    const id = asked === null ? undefined : parseCrashId(asked);
    if (asked !== null && id === undefined) throw new MaydayError("CRASH_ID_INVALID");
    const ids = id && [id];
    const isRetry = form.get("act") === "retry";
    const count = isRetry ? await crashJobs.retry(ids) : await crashJobs.discard(ids);
    const what = isRetry ? "retry set aside" : "discard set aside";
    await records.audit.add({ who, what, target: id ?? `all, ${count}` });
    return reply.redirect("/ops/#failed", 303);
  });
}

async function steer(job: BulkJob, request: FastifyRequest, { viewer, who }: Asker, parts: WebappParts) {
  if (!viewer.has("manage_jobs") && job.by !== who)
    throw new MaydayError("PERMISSION_NEEDED", "the job is somebody else's");
  const { bulk, records } = parts;
  const act = formOf(request).get("act");
  switch (act) {
    case "start":
    case "pause":
    case "resume":
    case "cancel":
      await bulk[act](job.id);
      break;
    case "rate": {
      const rate = Number(formOf(request).get("rate"));
      if (rate > 0) await bulk.setRate(job.id, rate);
      break;
    }
    default:
      return;
  }
  await records.audit.add({ who, what: `bulk ${act}`, target: job.id });
}

/** The filters of a search as its page's address has them, without what the viewer may not search by. */
function filtersOf(parameters: URLSearchParams, { viewer }: Asker, now: Date): Query {
  const allowed = usableFields(viewer);
  const filters = [...parameters].filter(([name]) => allowed.has(name));
  const days = Number(parameters.get("days"));
  return [...filters, ...(days > 0 && days <= 365 ? daysBefore(days, now) : [])];
}
