import { parseSuperSearch, termsOf } from "@mayday/search";
import type { FastifyInstance } from "fastify";
import { crashColumns } from "../pages/crash-table.ts";
import { type QueueDepths, type StartView, startPage } from "../pages/start-page.ts";
import type { WebappParts } from "../parts.ts";
import { daysAgo } from "./days-ago.ts";
import { sendPage } from "./send-page.ts";

/** How long the queues may take to be counted before the page goes without, ms. */
const DEPTHS_LIMIT_MS = 1000;
/** As far back as a search may reach. */
const FURTHEST_DAYS = 364;

/** Adds the start page. What does not answer is said on the page; the rest is shown. */
export function addStartRoute(server: FastifyInstance, parts: WebappParts): void {
  server.get("/", async (request, reply) => {
    const [crashes, queues] = await Promise.all([latestCrashes(parts), queueDepths(parts)]);
    return sendPage(
      reply,
      200,
      startPage({ crashes, queues, collectorUrl: reachable(parts.collectorUrl, request.hostname) }),
    );
  });
}

/** A collector that listens on all addresses is reached under the name under which the webapp was. */
function reachable(collectorUrl: string, hostname: string): string {
  const isAnywhere = /^https?:\/\/(0\.0\.0\.0|\[::\])(?=[:/]|$)/.exec(collectorUrl);
  // What follows is to be pasted into a shell: a name of a host, and nothing else that a request may have there.
  const isName = /^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])$/.test(hostname);
  if (isAnywhere === null) return collectorUrl;
  return collectorUrl.replace(isAnywhere[1]!, isName ? hostname : "127.0.0.1");
}

async function latestCrashes({ engine, now, log }: WebappParts): Promise<StartView["crashes"]> {
  const newest: [string, string][] = [
    ...crashColumns.map((name): [string, string] => ["_columns", name]),
    ["_sort", "-date"],
    ["_results_number", "20"],
  ];
  const time = now();
  const search = (...more: [string, string][]) =>
    engine.search(parseSuperSearch([...newest, ...more], { now: time }));
  try {
    const week = await search(["_facets", "signature"], ["_facets_size", "20"]);
    const { hits } =
      week.total > 0 ? week : await search(["_facets_size", "0"], ["date", daysAgo(FURTHEST_DAYS, time)]);
    return { newest: hits, topSignatures: termsOf(week, "signature"), total: week.total };
  } catch (error) {
    log.error({ err: error }, "the start page goes without crashes");
    return undefined;
  }
}

async function queueDepths({ publisher, log }: WebappParts): Promise<QueueDepths | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${DEPTHS_LIMIT_MS} ms`)), DEPTHS_LIMIT_MS);
  });
  const counted = publisher.depths();
  // It may fail after we gave up on it.
  counted.catch(() => undefined);
  try {
    return await Promise.race([counted, late]);
  } catch (error) {
    log.warn({ err: error }, "the start page goes without queues");
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
