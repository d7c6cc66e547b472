import type { Hit } from "@mayday/search";
import { html } from "ghtml";
import { address } from "../data/address.ts";
import type { ProductDays, ProductGlance, VersionGlance } from "../data/home.ts";
import { versionLines } from "../view/version-lines.ts";
import { crashTable } from "./crash-table.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import { badge } from "./parts/badges.ts";
import { columnPlot } from "./parts/column-plot.ts";
import { signatureCell } from "./parts/signature-text.ts";
import { trend } from "./parts/trend.ts";
import { trendMark } from "./parts/trend-mark.ts";

/** Jobs by queue and state, as the publisher counts them. */
export type QueueDepths = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface StartView {
  /** Undefined when the search engine does not answer. */
  readonly crashes:
    | { readonly products: readonly ProductGlance[]; readonly newest: readonly Hit[] }
    | undefined;
  /** Undefined when Redis does not answer. */
  readonly queues: QueueDepths | undefined;
  /** The last day of trends. */
  readonly today: Date;
  /** Where reports are submitted, without a slash at the end. */
  readonly collectorUrl: string;
}

/** The first page: is the new release worse, what came in lately, how much waits. */
export function startPage({ crashes, queues, collectorUrl, today }: StartView): string {
  return layout({
    title: "Crashes",
    section: "/",
    main: html`<article class="start">
!${crashes === undefined ? unavailable() : lately(crashes, collectorUrl, today)}
<section id="queues"><h2>Queues</h2>!${queueLine(queues)}</section>
</article>`,
  });
}

/** The page of one product. */
export function productPage(glance: ProductGlance, { perDay, starts }: ProductDays, today: Date): string {
  return layout({
    title: glance.product,
    section: "/",
    main: html`<article>!${product(glance, "h1", today)}
<section id="graph"><h2>Crashes by day</h2>!${columnPlot(perDay, today, starts)}</section></article>`,
  });
}

const unavailable = (): string =>
  `<section><h1>Newest crashes</h1><p class="empty">The search index does not answer. Reports can be opened by their id.</p></section>`;

function lately(
  { products, newest }: NonNullable<StartView["crashes"]>,
  collectorUrl: string,
  today: Date,
): string {
  if (newest.length === 0) return howToSubmit(collectorUrl);
  return html`<h1>Is the new release worse?</h1>
!${products.map((one) => product(one, "h2", today))}
<section id="newest"><h2>Newest crashes</h2>!${crashTable(newest)}</section>`;
}

/** @param tag of its heading: versions have headings of the third level */
function product(
  { product: name, week, versions, trends }: ProductGlance,
  tag: "h1" | "h2",
  today: Date,
): string {
  const heading = html`${name} <small>${grouped(week)} ${week === 1 ? "crash" : "crashes"} in 7 days</small>`;
  return html`<section class="product"><div class="head">!${tag === "h1" ? html`<h1>!${heading}</h1>` : html`<h2>!${heading}</h2>`}
<span class="under"><a href="${address("/topcrashers/", [["product", name]])}">Top crashers</a> <a href="${address("/search/", [["product", name]])}">Search</a> <a href="/home/product/${encodeURIComponent(name.toWellFormed())}">All versions</a></span></div>
!${versions.length === 0 ? `<p class="empty">Too few crashes to tell versions apart.</p>` : html`!${tag === "h1" ? `<h2 class="unseen">Versions</h2>` : ""}<div class="versions">!${versions.map((one) => glance(name, one, today))}</div>`}
!${trendsOf(name, trends)}</section>`;
}

/** Signatures that stand out by the last full day. */
function trendsOf(product: string, trends: ProductGlance["trends"]): string {
  if (trends.length === 0) return "";
  const row = (one: ProductGlance["trends"][number]) =>
    html`<tr><td class="sig">!${signatureCell(one.signature, { frames: 2, also: { product, ...(one.source === "ping" && { source: "ping" }) } })}!${trendMark(one)}</td></tr>`;
  return html`<table class="trends"><thead><tr><th scope="col">New, rising and gone, by the same weekday of eight weeks</th></tr></thead><tbody>!${trends.map(row)}</tbody></table>`;
}

function glance(
  name: string,
  { version, channel, week, perDay, top, before, since }: VersionGlance,
  today: Date,
): string {
  const [line] = since === undefined ? [] : versionLines([{ version, at: since }], perDay.length, today);
  const out = since === undefined ? "" : `, out ${outText(since, today)}`;
  const list = address("/topcrashers/", [
    ["product", name],
    ["version", version],
  ]);
  const row = ({ signature, count, change }: VersionGlance["top"][number], index: number) =>
    html`<tr><td class="number">${index + 1}</td><td class="sig">!${signatureCell(signature, { frames: 2, also: { product: name, version } })}!${mark(change)}</td><td class="count">${grouped(count)}</td></tr>`;
  return html`<section><h3><a href="${list}">${version}</a> <span class="quiet">${channel}${out}</span></h3>
<div class="rate"><span><b>${grouped(week)}</b><span class="below">crashes a week</span></span>!${trend(perDay, { isWide: true, releasedAt: line && line.x * (perDay.length - 1), label: `crashes a day: ${perDay.join(", ")}` })}</div>
!${top.length === 0 ? `<p class="empty">No crashes in the last 7 days.</p>` : html`<table><thead><tr><th scope="col" colspan="2">Top five!${before === undefined ? "" : html`, against ${before}`}</th><th scope="col" class="count">a week</th></tr></thead><tbody>!${top.map(row)}</tbody></table>`}</section>`;
}

function outText(since: Date, today: Date): string {
  const days = Math.floor((today.getTime() - since.getTime()) / 86_400_000);
  return days < 1 ? "today" : days === 1 ? "a day" : `${days} days`;
}

function mark(change: VersionGlance["top"][number]["change"]): string {
  if (change?.says === "absent before") return badge("new", "new");
  return change?.says === "more" && change.ratio >= 1.5
    ? badge("rising", `rising ${change.ratio.toFixed(1)}×`)
    : "";
}

function howToSubmit(collectorUrl: string): string {
  return html`<section id="empty"><h1>No crashes yet</h1>
<p>Submit a report with a minidump, and it shows up here once it is processed:</p>
<pre>curl -F ProductName=MyProduct -F Version=1.0 -F upload_file_minidump=@crash.dmp ${collectorUrl}/submit</pre>
<p>The collector answers with the crash id. Any client that speaks Breakpad’s or Crashpad’s upload protocol can submit.</p>
<p>To see the pages with life in them, add a sample: <code>npm start -- --sample 5000</code></p></section>`;
}

function queueLine(queues: QueueDepths | undefined): string {
  if (queues === undefined) {
    return `<p class="empty">The queues do not answer. Reports are collected all the same and are processed later.</p>`;
  }
  const queue = ([name, jobs]: [string, QueueDepths[string]]) => {
    const waiting = (jobs["waiting"] ?? 0) + (jobs["prioritized"] ?? 0) + (jobs["delayed"] ?? 0);
    const failed = jobs["failed"] ?? 0;
    return html`<div><dt>${name}</dt><dd>${grouped(waiting)} waiting, ${grouped(jobs["active"] ?? 0)} in work!${failed === 0 ? "" : html`, <strong>${grouped(failed)} failed</strong>`}</dd></div>`;
  };
  return html`<dl class="queues">!${Object.entries(queues).map(queue)}</dl>`;
}
