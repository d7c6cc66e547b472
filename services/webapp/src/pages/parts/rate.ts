import { html } from "ghtml";
import type { CrashSource } from "../../data/top-crashers.ts";
import type { Rate } from "../../rates/rate.ts";
import type { Use } from "../../rates/rates.ts";
import { grouped } from "../format.ts";

/** What is counted, in words. */
export const sourceNames: Readonly<Record<CrashSource, string>> = {
  report: "reports",
  ping: "pings",
  both: "reports and pings",
};

/** A rate for each 1,000 hours of use with its interval below it, HTML; a rate that is not known is said to be so. */
export function rateCell(rate: Rate | undefined): string {
  if (rate === undefined)
    return `<span class="quiet" title="How much it was used is not known">unknown</span>`;
  return html`<b>${rateText(rate.rate)}</b><span class="below">${rateText(rate.low)} to ${rateText(rate.high)}</span>`;
}

/** Three digits that tell something. */
export function rateText(rate: number): string {
  if (rate === 0) return "0";
  if (rate < 0.001) return rate.toExponential(1).replace("-", "−");
  return rate >= 100 ? grouped(Math.round(rate)) : String(Number(rate.toPrecision(3)));
}

/** What rates are of, HTML: the hours, and the days of which they are not known. */
export function useText({ hours, missingDays, span }: Use): string {
  if (hours === null)
    return html`Rates are unknown: nobody told how much it was used in these days. <a href="/documentation/api/">PUT /api/Usage/</a> or <code>mayday usage import</code> tells.`;
  const missing =
    missingDays.length === 0 ? "" : html` Without ${missingDays.join(", ")}, of which the use is not known.`;
  return html`Rate: crashes for each 1,000 hours of use with the interval that holds the true one in 95 of 100 cases, of ${grouped(Math.round(hours))} hours in ${String(span.length - missingDays.length)} of ${String(span.length)} full days.!${missing}`;
}
