import {
  type CrashId,
  findCrashId,
  type ProcessedCrash,
  type RawCrash,
  redactProcessedCrash,
  redactRawCrash,
} from "@mayday/crash";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { sameDump } from "../api/crash-ping.ts";
import { askerOf, noteLook } from "../asker.ts";
import { type AttachmentView, attachmentsOf } from "../attachments.ts";
import { crashesAlike } from "../data/alike.ts";
import { messagePage } from "../pages/message-page.ts";
import { type ReportView, reportPage } from "../pages/report-page.ts";
import { recordOf } from "../pages/stored-json.ts";
import { threadPage } from "../pages/thread-page.ts";
import { threadsOf } from "../pages/threads.ts";
import { waitingPage } from "../pages/waiting-page.ts";
import type { WebappParts } from "../parts.ts";
import type { Viewer } from "../permissions.ts";
import { splitUrl } from "../split-url.ts";
import { exactProcessedCrash, exactRawCrash } from "../stored-crash.ts";
import { csrfFor } from "./forms.ts";
import { createRateGate, type RateGate } from "./rate-gate.ts";
import { sendPage } from "./send-page.ts";

/** How often a crash that somebody waits for is queued, ms. */
const QUEUE_AGAIN_MS = 60_000;
const MOST_WAITED_FOR = 10_000;
const MOST_SIZED = 200;

/** Adds the report pages, and `/report/?id=`, which finds the report of an id as people write it. */
export function addReportRoutes(server: FastifyInstance, parts: WebappParts): void {
  const gate = createRateGate(QUEUE_AGAIN_MS, MOST_WAITED_FOR, parts.now);
  const open = (request: FastifyRequest, reply: FastifyReply) => {
    const { id: text = "" } = request.params as { id?: string };
    const id = findCrashId(text);
    if (id === undefined) return sendNoCrashId(reply);
    if (id !== text) return reply.redirect(`/report/index/${id}`, 301);
    return sendReport(id, request, reply, parts, gate);
  };
  server.get("/report/index/:id", open);
  server.get("/report/index/:id/", open);
  server.get("/report/thread/:id", async (request, reply) => {
    const { id: text = "" } = request.params as { id?: string };
    const id = findCrashId(text);
    return id === undefined ? sendNoCrashId(reply) : sendThread(id, request, reply, parts);
  });
  server.get("/report/", (request, reply) => {
    const text = new URLSearchParams(splitUrl(request.url).query).get("id") ?? "";
    const id = findCrashId(text);
    return id === undefined ? sendNoCrashId(reply) : reply.redirect(`/report/index/${id}`, 302);
  });
}

async function sendReport(
  id: CrashId,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebappParts,
  gate: RateGate,
): Promise<FastifyReply> {
  const [raw, processed] = await Promise.all([
    exactRawCrash(parts.storage, id),
    exactProcessedCrash(parts.storage, id),
  ]);
  if (processed !== undefined) {
    const asker = await askerOf(request, parts);
    const { viewer } = asker;
    await noteLook(asker, "report", id, parts);
    const wasQueued = new URLSearchParams(splitUrl(request.url).query).has("queued");
    const acts = {
      wasQueued,
      mayReprocess: viewer.has("reprocess_crashes") ? { csrf: csrfFor(reply) } : undefined,
    };
    const [view, alike, bugs, pings] = await Promise.all([
      viewOf(id, processed, raw, viewer, parts),
      crashesAlike(parts, processed, topFunctionOf(processed)),
      bugsOf(processed, parts),
      pingsOf(processed, parts),
    ]);
    return sendPage(reply, 200, reportPage({ ...view, alike, bugs, pings, links: parts.links, ...acts }));
  }
  if (raw === undefined) {
    const says = "No report is stored under that id. It may never have arrived, or it has expired.";
    return sendPage(reply, 404, messagePage({ title: "No such crash", says }));
  }
  return sendPage(reply, 202, waitingPage({ id, queued: await queue(id, parts, gate) }));
}

/** The stack of one thread, for reports of so many that their page is without. */
async function sendThread(
  id: CrashId,
  request: FastifyRequest,
  reply: FastifyReply,
  parts: WebappParts,
): Promise<FastifyReply> {
  const processed = await exactProcessedCrash(parts.storage, id);
  const asker = await askerOf(request, parts);
  const seen = asker.viewer.has("view_pii") ? processed : redactProcessedCrash(processed ?? {});
  const asked = new URLSearchParams(splitUrl(request.url).query).get("thread") ?? "";
  const { crashed, others } = threadsOf(recordOf(seen?.["json_dump"]));
  const thread = [...others, ...(crashed === undefined ? [] : [crashed])].find(
    ({ index }) => String(index) === asked,
  );
  if (thread === undefined) {
    const says = "No report with such a thread is stored.";
    return sendPage(reply, 404, messagePage({ title: "No such thread", says }));
  }
  await noteLook(asker, "report", id, parts);
  return sendPage(reply, 200, threadPage(id, thread, parts.links));
}

/** The pings of the same dump; where the index does not answer a report goes without. */
async function pingsOf(
  { minidump_sha256_hash: hash }: ProcessedCrash,
  { engine, log }: WebappParts,
): Promise<string[]> {
  try {
    return await sameDump(hash, "ping", engine);
  } catch (error) {
    log.warn({ err: error }, "the report goes without its ping");
    return [];
  }
}

/** The bugs filed for a crash's signature; without the records a report goes without. */
async function bugsOf({ signature }: ProcessedCrash, { records, log }: WebappParts): Promise<string[]> {
  if (signature === undefined || signature === null || signature === "") return [];
  try {
    return (await records.bugs.bySignatures([signature])).map(({ bug }) => bug);
  } catch (error) {
    log.warn({ err: error }, "the report goes without bugs");
    return [];
  }
}

/** The innermost call of the thread that crashed, inlined ones among them, as the search knows it. */
function topFunctionOf({ json_dump: dump }: ProcessedCrash): string | undefined {
  const [frame] = dump?.crashing_thread?.frames ?? [];
  return (frame?.inlines?.[0]?.function ?? frame?.function) || undefined;
}

/** What a viewer sees of a crash. */
async function viewOf(
  id: CrashId,
  processed: ProcessedCrash,
  raw: RawCrash | undefined,
  viewer: Viewer,
  parts: WebappParts,
): Promise<ReportView> {
  const attachments = attachmentsOf(raw);
  const mayDownload = viewer.has("view_rawdump") && raw !== undefined;
  const names = mayDownload ? Object.keys(raw.metadata?.dump_checksums ?? {}) : [];
  const files = {
    dumps: names.filter((name) => !attachments.some((one) => one.name === name)),
    attachments: mayDownload ? await sized(id, attachments, parts) : attachments.length,
  };
  if (viewer.has("view_pii")) return { id, processed, raw, ...files };
  return { id, processed: redactProcessedCrash(processed), raw: raw && redactRawCrash(raw), ...files };
}

/** The attachments with the bytes they have; of those behind the first hundreds nobody asks the store. */
function sized(id: CrashId, attachments: readonly AttachmentView[], { storage }: WebappParts) {
  return Promise.all(
    attachments.map(async (one, index) => ({
      ...one,
      bytes: index < MOST_SIZED ? await storage.dumpBytes(id, one.name) : undefined,
    })),
  );
}

/** Has a crash that somebody waits for processed next. False when the queue does not take it. */
async function queue(id: CrashId, { publisher, log }: WebappParts, gate: RateGate): Promise<boolean> {
  if (!gate.pass(id)) return true;
  try {
    await publisher.publishCrash("priority", id);
    return true;
  } catch (error) {
    gate.forget(id);
    log.warn({ err: error, crashId: id }, "could not queue a crash that somebody waits for");
    return false;
  }
}

function sendNoCrashId(reply: FastifyReply): FastifyReply {
  const says =
    "A crash id looks like 11bb1b4b-9c5e-4d1a-8f5e-0a1b20261122: 32 hexadecimal digits in five groups, of which the last six tell the date. It may begin with bp-.";
  return sendPage(reply, 400, messagePage({ title: "Not a crash id", says }));
}
