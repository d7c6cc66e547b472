import { createHmac } from "node:crypto";
import type { Logger, Metrics } from "@mayday/observability";
import type { Records } from "@mayday/records";

export interface Webhook {
  readonly url: string;
  /** Key of the signature. */
  readonly secret: string;
  /** Of fewer crashes, seen or missed, it is not told until there are more. */
  readonly least: number;
}

export interface AlertParts {
  readonly trends: Pick<Records["trends"], "untold" | "note">;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly now: () => Date;
}

/** Trends of one message; more come with the next. */
const MOST = 50;
/** So often one is tried before it is given up. */
const ATTEMPTS = 12;
const TIMEOUT_MS = 10_000;

/**
 * Tells the webhook of trends that it was not told of, in one message. Its header `x-mayday-signature` is `t=<seconds>,v1=<hex>`,
 * the HMAC-SHA-256 of `<seconds>.<body>`: who checks the time as well takes none for new that was sent before.
 * What fails is told the next time, so many times.
 * @returns how many were told
 */
export async function tellOfTrends(
  { trends, log, metrics, now }: AlertParts,
  { url, secret, least }: Webhook,
): Promise<number> {
  const untold = await trends.untold(MOST, ATTEMPTS, least);
  if (untold.length === 0) return 0;
  const body = JSON.stringify({ trends: untold.map(({ attempts: _, ...trend }) => trend) });
  const seconds = Math.floor(now().getTime() / 1000);
  const hmac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  let outcome: "told" | "failed" = "failed";
  try {
    const { status, body: answer } = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "x-mayday-signature": `t=${seconds},v1=${hmac}` },
      body,
      redirect: "error",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer?.cancel();
    if (status >= 200 && status < 300) outcome = "told";
    else log.warn({ status }, "the webhook refused trends");
  } catch (error) {
    log.warn({ err: error }, "the webhook was not reached");
  }
  await trends.note(untold, outcome);
  metrics.count("scheduler_trends_told_total", { outcome }, untold.length);
  return outcome === "told" ? untold.length : 0;
}
