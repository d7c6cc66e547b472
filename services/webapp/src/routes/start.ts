import type { FastifyInstance } from "fastify";
import { ask, daysBefore, type Query } from "../data/ask.ts";
import { productDays, productGlances } from "../data/home.ts";
import { queueDepths } from "../data/queue-depths.ts";
import { crashColumns } from "../pages/crash-table.ts";
import { messagePage } from "../pages/message-page.ts";
import { productPage, type StartView, startPage } from "../pages/start-page.ts";
import type { WebappParts } from "../parts.ts";
import { sendPage } from "./send-page.ts";

/** The newest are looked for here first: the farther a search reaches, the longer it takes. */
const LATELY_DAYS = 7;
/** As far back as a search may reach. */
const FURTHEST_DAYS = 364;
const NEWEST = 10;

/** Adds the start page and the products' pages. What does not answer is said on the page; the rest is shown. */
export function addStartRoutes(server: FastifyInstance, parts: WebappParts): void {
  server.get("/", async (request, reply) => {
    const [crashes, queues] = await Promise.all([latestCrashes(parts), queueDepths(parts)]);
    const collectorUrl = reachable(parts.collectorUrl, request.hostname);
    return sendPage(reply, 200, startPage({ crashes, queues, collectorUrl, today: parts.now() }));
  });
  server.get("/home/product/:product", async (request, reply) => {
    const { product = "" } = request.params as { product?: string };
    const [[glance], days] = await Promise.all([productGlances(parts, product), productDays(parts, product)]);
    if (glance !== undefined) return sendPage(reply, 200, productPage(glance, days, parts.now()));
    const says = "No reports of this product came in the last two months. Names are case-sensitive.";
    return sendPage(reply, 404, messagePage({ title: "No such product", says }));
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

async function latestCrashes(parts: WebappParts): Promise<StartView["crashes"]> {
  const newest: Query = [
    ...crashColumns.map((name) => ["_columns", name] as const),
    ["_sort", "-date"],
    ["_results_number", String(NEWEST)],
    ["_facets_size", "0"],
  ];
  try {
    const reaching = async (days: number) =>
      (await ask(parts, [...newest, ...daysBefore(days, parts.now())])).hits;
    const [products, latest] = await Promise.all([productGlances(parts), reaching(LATELY_DAYS)]);
    return { products, newest: latest.length < NEWEST ? await reaching(FURTHEST_DAYS) : latest };
  } catch (error) {
    parts.log.error({ err: error }, "the start page goes without crashes");
    return undefined;
  }
}
