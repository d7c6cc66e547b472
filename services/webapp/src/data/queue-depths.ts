import pTimeout from "p-timeout";
import type { QueueDepths } from "../pages/start-page.ts";
import type { WebappParts } from "../parts.ts";

/** How long the queues may take to be counted before a page goes without, ms. */
const DEPTHS_LIMIT_MS = 1000;

/** Jobs by queue and state; undefined when Redis does not answer in time. */
export async function queueDepths({ publisher, log }: WebappParts): Promise<QueueDepths | undefined> {
  try {
    const message = `no answer within ${DEPTHS_LIMIT_MS} ms`;
    return await pTimeout(publisher.depths(), { milliseconds: DEPTHS_LIMIT_MS, message });
  } catch (error) {
    log.warn({ err: error }, "a page goes without queues");
    return undefined;
  }
}
