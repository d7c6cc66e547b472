import { createBullBoard } from "@bull-board/api";
import { BullMQAdapter } from "@bull-board/api/bullMQAdapter";
import { FastifyAdapter } from "@bull-board/fastify";
import type { NamedQueue } from "@mayday/queue";
import type { FastifyInstance } from "fastify";
import { httpStatusOf } from "../http-status-of.ts";
import { messagePage } from "../pages/message-page.ts";
import type { WebappParts } from "../parts.ts";
import { permitted } from "./permitted.ts";
import { sendPage } from "./send-page.ts";

const PATH = "/ops/board";

/** Its own scripts and styles only; the fonts it would load from elsewhere it can do without. */
const POLICY =
  "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; base-uri 'self'; frame-ancestors 'none'";

/**
 * Adds bull-board: the queues job by job, to look at. What is to be done to jobs is done on the operators' page, which
 * says who did it.
 */
export async function addBoardRoute(pages: FastifyInstance, parts: WebappParts): Promise<void> {
  const { queues } = parts;
  if (queues === undefined) return;
  const board = new FastifyAdapter();
  board.setBasePath(PATH);
  createBullBoard({
    queues: queues.map(adapterOf),
    serverAdapter: board,
    options: { uiConfig: { boardTitle: "Mayday's queues" } },
  });
  pages.register(
    async (guarded) => {
      guarded.addHook("onRequest", async (request, reply) => {
        // Not thrown: bull-board answers errors in its own way.
        const refused = await permitted(request, parts, "manage_jobs").then(
          () => undefined,
          (error: Error) => error,
        );
        if (refused !== undefined) {
          const page = messagePage({ title: "Not allowed", says: `${refused.message}.`, next: "/login/" });
          return sendPage(reply, httpStatusOf(refused), page);
        }
        reply.header("content-security-policy", POLICY).header("cache-control", "private, no-cache");
      });
      await guarded.register(board.registerPlugin());
    },
    { prefix: PATH },
  );
}

function adapterOf({ name, queue }: NamedQueue): BullMQAdapter {
  const adapter = new BullMQAdapter(queue, { readOnlyMode: true, description: name });
  adapter.setFormatter("data", withoutDocument);
  return adapter;
}

/** A job may carry what is to be indexed, which not everybody who manages jobs may see. */
function withoutDocument(data: unknown): unknown {
  if (typeof data !== "object" || data === null || !("document" in data)) return data;
  return { ...data, document: `(${String(data.document).length} characters, not shown)` };
}
