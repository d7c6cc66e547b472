import type { QueueDepths } from "../pages/start-page.ts";
import type { WebappParts } from "../parts.ts";

/** How long the queues may take to be counted before a page goes without, ms. */
const DEPTHS_LIMIT_MS = 1000;

/** Jobs by queue and state; undefined when Redis does not answer in time. */
export async function queueDepths({ publisher, log }: WebappParts): Promise<QueueDepths | undefined> {
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
    log.warn({ err: error }, "a page goes without queues");
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
