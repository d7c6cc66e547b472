import { html } from "ghtml";
import { address, replaced } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import type { BothSources, SourceSide, StackOfBoth } from "../data/both-sources.ts";
import type { FilterChoices } from "../data/filter-choices.ts";
import { breakdowns, type SignatureCrashes, type SignatureQuery } from "../data/signature.ts";
import { crashSources } from "../data/top-crashers.ts";
import { crashAddress } from "../view/crash-address.ts";
import { functionName } from "../view/function-name.ts";
import type { ShareBeside } from "../view/share-beside.ts";
import type { VersionStart } from "../view/version-lines.ts";
import { correlationsPlace } from "./correlations-page.ts";
import { duration, grouped, moment, percent } from "./format.ts";
import { layout } from "./layout.ts";
import type { PageLinks } from "./page-links.ts";
import { badge } from "./parts/badges.ts";
import { pairedBars, shareBar } from "./parts/bars.ts";
import { bugLinks } from "./parts/bugs.ts";
import { columnPlot, termColumns } from "./parts/column-plot.ts";
import { figures } from "./parts/figures.ts";
import { filterChips, filterForm, filtersOn, type Select, simpleSelects } from "./parts/filters.ts";
import { bulkForm } from "./parts/form.ts";
import { rateCell, sourceNames, useText } from "./parts/rate.ts";
import { breakable, signatureHeading } from "./parts/signature-text.ts";
import { trend } from "./parts/trend.ts";
import { trendMark } from "./parts/trend-mark.ts";
import { fragmentsScript } from "./scripts.ts";

const PATH = "/signature/";
export const spans = [1, 3, 7, 14, 28] as const;

/** What the graph counts by. */
export const graphs = ["day", "build", "version"] as const;
type Graph = (typeof graphs)[number];

export interface SignatureView {
  readonly query: SignatureQuery;
  readonly crashes: SignatureCrashes;
  readonly both: BothSources;
  /** What the filters offer. */
  readonly choices: FilterChoices;
  /** Fields of which the reader may ask for the values. */
  readonly fields: readonly string[];
  /** The last day of the plot. */
  readonly today: Date;
  /** When the versions that have most of its crashes began. */
  readonly starts: readonly VersionStart[];
  /** The address's own parameters. */
  readonly parameters: Query;
  /** How its newest crash's signature was made, HTML; empty where nothing tells. */
  readonly steps: string;
  readonly graph: Graph;
  readonly links: PageLinks;
  /** The forms' token, for who may have crashes processed again. */
  readonly mayReprocess?: { readonly csrf: string } | undefined;
}

/** The crashes of one signature: how many, who is hit, what they share, where they come from. */
export function signaturePage(view: SignatureView): string {
  const { query, crashes } = view;
  const { signature, days } = query;
  const title = signature || "(no signature)";
  return layout({
    title,
    scripts: [fragmentsScript],
    main: html`<article class="report">
<header><div class="head"><h1 class="signature">!${signatureHeading(title)}</h1>
<div class="acts"><button type="button" data-copy="${signature}" hidden>Copy</button> <a class="button" href="${searchAddress(query)}">Open in search</a>!${reprocessAll(view)}</div></div></header>
!${knownOf(view)}
!${filtersOf(view)}
!${crashes.total === 0 ? html`!${empty(days)}!${sideBySide(view)}` : body(view)}
</article>`,
  });
}

function reprocessAll({ query, crashes, mayReprocess }: SignatureView): string {
  if (mayReprocess === undefined || query.source !== "report" || crashes.total === 0) return "";
  return bulkForm(mayReprocess.csrf, crashes.total, searchAddress(query).replace("/search/?", ""));
}

/** What the records know: when it was seen first, bugs, whether it rises. */
function knownOf({ crashes, links }: SignatureView): string {
  const { firstSeen, bugs, rise, trends } = crashes;
  const rising =
    rise?.says === "more" && rise.ratio >= 1.5
      ? html`!${badge("rising", `rising ${rise.ratio.toFixed(1)}×`)} <span>the last 7 days against the same weekdays of three weeks before, ${rise.low.toFixed(1)} to ${rise.high.toFixed(1)}×</span>`
      : "";
  const seen =
    firstSeen === undefined
      ? ""
      : html`<span>First seen !${firstSeen.firstBuild === "" ? "" : html`in build ${firstSeen.firstBuild}, `}on ${moment(firstSeen.firstDate)} UTC</span>`;
  const filed = bugs.length === 0 ? "" : html`<span>bugs !${bugLinks(bugs, links)}</span>`;
  const products = new Set(trends.map(({ product }) => product)).size;
  const marks = trends.map(
    (one) => html`<span>!${products > 1 ? html`${one.product}: ` : ""}!${trendMark(one)}</span>`,
  );
  return rising + seen + filed + marks.join("") === ""
    ? ""
    : html`<p class="under">!${rising}!${marks}!${seen}!${filed}</p>`;
}

const empty = (days: number): string =>
  html`<p class="empty">No crashes with this signature in the last ${days} days. Look further back, or take a filter away.</p>`;

/** The row of filters, and those that are on. */
function filtersOf({ query, choices, parameters }: SignatureView): string {
  const { filters, days, source } = query;
  const selects: Select[] = [
    ...simpleSelects(choices, filters),
    {
      name: "days",
      label: "Last",
      current: String(days),
      options: spans.map((span) => ({ value: String(span), label: daysText(span) })),
    },
    {
      name: "source",
      label: "Of",
      current: source,
      options: crashSources.map((one) => ({ value: one, label: sourceNames[one] })),
    },
  ];
  const on = filtersOn(filters.filter(([name]) => name !== "source"));
  return filterForm(PATH, selects, parameters) + filterChips(PATH, on, parameters);
}

const daysText = (days: number): string => (days === 1 ? "day" : `${days} days`);

function body(view: SignatureView): string {
  const { crashes, query, today } = view;
  const { total, allTotal, installs, stackCount, perDay } = crashes;
  const share = allTotal === 0 ? 0 : (100 * total) / allTotal;
  return html`!${figures([
    { value: grouped(total), says: `${sourceNames[query.source]} received` },
    ...(installs === 0
      ? []
      : [{ value: grouped(installs), says: `installs, ${(total / installs).toFixed(1)} crashes each` }]),
    { value: `${share.toFixed(1)} %`, says: "of all crashes of these days" },
    { value: grouped(stackCount), says: stackCount === 1 ? "stack" : "distinct stacks" },
  ])}
<nav class="tabs" aria-label="Parts of the page"><a href="#summary">Who is hit</a><a href="#stacks">Stacks <span class="quiet">${grouped(stackCount)}</span></a><a href="#correlations">Correlations</a><a href="#aggregations">Aggregations</a>!${crashes.comments === undefined ? "" : html`<a href="#comments">Comments <span class="quiet">${grouped(crashes.commentCount)}</span></a>`}!${view.steps === "" ? "" : `<a href="#why">How it is made</a>`}<a href="#reports">Reports <span class="quiet">${grouped(total)}</span></a></nav>
<section id="graph"><div class="head"><h2>Crashes by ${view.graph}</h2><span class="switch">!${graphs.map((one) => html`<a href="${address(PATH, replaced(view.parameters, "graph", one))}"!${one === view.graph ? ` aria-current="true"` : ""}>${one}</a>`)}</span></div>!${view.graph === "day" ? columnPlot(perDay, today, view.starts) : termColumns(view.graph === "build" ? crashes.byBuild : crashes.byVersion)}</section>
!${sideBySide(view)}
<section id="summary"><h2>Who is hit <small>share in this signature, above that of all crashes of the same days; red where they differ beyond chance and by 10 points or more</small></h2>
<div class="breakdown">!${Object.entries({ ...breakdowns, uptime: "Uptime" }).map(([field, heading]) => breakdown(field, heading, view))}</div></section>
<div class="breakdown"><section id="stacks"><h2>Distinct stacks</h2>!${stacks(crashes, query)}</section>
!${correlationsPlace(view.parameters)}</div>
<section id="aggregations"><h2>Aggregations</h2>!${aggregation(view)}</section>
!${commentsOf(crashes)}
!${view.steps}
<section id="reports"><h2>Reports <small>${grouped(total)}, newest first</small></h2>!${reports(view)}</section>`;
}

/** What pings and reports each know of the signature; nothing where there are no pings and no use to hold reports against. */
function sideBySide({ query, both, parameters }: SignatureView): string {
  const { ping, report, stacks: shared, use } = both;
  if (ping.count === 0 && (use === undefined || use.hours === null)) return "";
  const row = (source: "ping" | "report", { count, weighted, rate, perDay }: SourceSide) =>
    html`<tr><td><a href="${address(PATH, replaced(parameters, "source", source === "report" ? "" : source))}">${sourceNames[source]}</a></td><td class="count"><b>${grouped(count)}</b>!${weighted > count ? html`<span class="below">of ${grouped(Math.round(weighted))}</span>` : ""}</td><td class="count">!${rateCell(rate)}</td><td>!${trend(perDay, { label: `${sourceNames[source]} a day: ${perDay.join(", ")}` })}</td><td class="hint">${source === "ping" ? "all of who has telemetry on" : "of who agreed to submit; a share is kept"}</td></tr>`;
  const stack = ({ stack: text, pings, reports }: StackOfBoth) => {
    const found = address("/search/", [
      ["signature", `=${query.signature}`],
      ["proto_signature", `=${text}`],
      ...query.filters,
      ["days", String(query.days)],
    ]);
    return html`<tr><td class="sig">!${breakable(text.split(" | ").slice(0, 4).join(" | "))}</td><td class="count">${grouped(pings)}</td><td class="count">!${reports === 0 ? `<span class="quiet">none</span>` : html`<a href="${found}">${grouped(reports)} of the same stack</a>`}</td></tr>`;
  };
  const of =
    use === undefined
      ? "Rates need one product, and filters that use is told apart by: choose one."
      : useText(use);
  return html`<section id="both"><h2>Pings and reports <small>how often, and where to look why</small></h2>
<div class="wide"><table><thead><tr><th scope="col">Source</th><th scope="col" class="count">Crashes</th><th scope="col" class="count">per 1,000 h</th><th scope="col">A day</th><th scope="col">What it holds</th></tr></thead><tbody>!${row("ping", ping)}!${row("report", report)}</tbody></table></div>
!${shared.length === 0 ? "" : html`<div class="wide"><table><thead><tr><th scope="col">Stacks of the pings</th><th scope="col" class="count">Pings</th><th scope="col" class="count">Reports</th></tr></thead><tbody>!${shared.map(stack)}</tbody></table></div>`}
<p class="hint">!${of}</p></section>`;
}

function breakdown(field: string, heading: string, { crashes, parameters }: SignatureView): string {
  const shares = crashes.breakdowns[field as keyof SignatureCrashes["breakdowns"]];
  if (shares.length === 0) return "";
  const row = ({ term, here, all, standsOut }: ShareBeside) => {
    const narrowed = address(PATH, [...parameters, [field, `=${term}`]]);
    const label = field === "uptime" ? html`${term}` : html`<a href="${narrowed}">!${breakable(term)}</a>`;
    return html`<tr!${standsOut ? ` class="out"` : ""}><td>!${label}</td><td>!${pairedBars(here, all, standsOut)}</td><td class="count here">${percent(here)}</td><td class="count quiet">${percent(all)}</td></tr>`;
  };
  return html`<table><thead><tr><th scope="col">${heading}</th><th scope="col"><span class="unseen">Bars</span></th><th scope="col" class="count">here</th><th scope="col" class="count">all</th></tr></thead><tbody>!${shares.map(row)}</tbody></table>`;
}

function stacks({ stacks: found, stackCount, total }: SignatureCrashes, query: SignatureQuery): string {
  if (found.length === 0) return `<p class="empty">These crashes have no native stack.</p>`;
  const [largest] = found;
  const one = ({ stack, count }: SignatureCrashes["stacks"][number], index: number) => {
    const frames = stack.split(" | ");
    const search = address("/search/", [["proto_signature", `=${stack}`]]);
    return html`<li><details!${index === 0 ? " open" : ""}><summary><b>${grouped(count)}</b> <span class="quiet">${percent(count / total)}</span> <span class="sig">!${breakable(frames[0] ?? "")} !${frames.length > 1 ? html`<span class="quiet">and ${frames.length - 1} more</span>` : ""}</span>!${shareBar(count / largest!.count)}</summary><ol class="frames sig" start="0">!${frames.map(frameLine)}</ol><a href="${search}">reports with this stack</a></details></li>`;
  };
  const all = `${searchAddress(query)}&_facets=proto_signature`;
  const more =
    stackCount > found.length
      ? html`<p class="hint"><a href="${all}">All ${grouped(stackCount)} stacks</a></p>`
      : "";
  return html`<ul class="counted stacks">!${found.map(one)}</ul>!${more}`;
}

/** A frame with the function's own name set off from what is around it. */
function frameLine(frame: string): string {
  const { before, own, behind } = functionName(frame);
  return html`<li><span class="quiet">!${breakable(before)}</span><b>!${breakable(own)}</b><span class="quiet">!${breakable(behind)}</span></li>`;
}

function aggregation({ query, crashes, fields, parameters }: SignatureView): string {
  const hidden = parameters
    .filter(([name]) => name !== "_facets")
    .map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`);
  const option = (field: string) =>
    html`<option!${field === query.aggregation ? " selected" : ""}>${field}</option>`;
  const form = html`<form action="/signature/#aggregations" method="get" class="under">!${hidden}<label for="aggregation">Field</label> <select id="aggregation" name="_facets">!${fields.map(option)}</select> <button type="submit">Show its values</button></form>`;
  if (query.aggregation === undefined) return form;
  const largest = crashes.aggregation[0]?.count ?? 1;
  const row = ({ term, count }: SignatureCrashes["aggregation"][number]) =>
    html`<tr><td class="sig">!${breakable(String(term))}</td><td class="count">${grouped(count)}</td><td class="count">${percent(count / crashes.total)}</td><td>!${shareBar(count / largest)}</td></tr>`;
  return html`!${form}<div class="wide"><table><thead><tr><th scope="col">${query.aggregation}</th><th scope="col" class="count">Crashes</th><th scope="col" class="count">Share</th><th scope="col"><span class="unseen">Bars</span></th></tr></thead><tbody>!${crashes.aggregation.map(row)}</tbody></table></div>`;
}

function reports({ query, crashes }: SignatureView): string {
  const row = (hit: SignatureCrashes["hits"][number]) =>
    html`<tr><td class="date">${moment(String(hit.date ?? ""))}</td><td class="id"><a href="${crashAddress(hit.uuid)}">${hit.uuid}</a></td><td>${hit.product} ${hit.version}</td><td>${hit.build_id}</td><td>${hit.platform_pretty_version}</td><td class="count">${typeof hit.uptime === "number" ? duration(hit.uptime) : ""}</td><td class="sig">!${breakable(String(hit.reason ?? ""))}</td><td class="hex">${hit.address}</td></tr>
`;
  const more =
    crashes.total > crashes.hits.length
      ? html`<p class="hint"><a href="${searchAddress(query)}">All ${grouped(crashes.total)} reports</a></p>`
      : "";
  return html`<div class="wide"><table class="crashes">
<thead><tr><th scope="col" aria-sort="descending">Date (UTC)</th><th scope="col">Report</th><th scope="col">Version</th><th scope="col">Build</th><th scope="col">System</th><th scope="col" class="count">Uptime</th><th scope="col">Reason</th><th scope="col">Address</th></tr></thead>
<tbody>
!${crashes.hits.map(row)}</tbody>
</table></div>!${more}`;
}

function commentsOf({ comments, commentCount }: SignatureCrashes): string {
  if (comments === undefined) return "";
  const row = ({
    uuid,
    date,
    version,
    useragent_locale: locale,
    user_comments: text,
  }: (typeof comments)[number]) =>
    html`<tr><td class="date"><a href="/report/index/${uuid}">${moment(String(date ?? ""))}</a></td><td>${version}</td><td>${locale}</td><td class="comment" dir="auto">${text}</td></tr>`;
  return html`<section id="comments"><h2>Comments <small>${grouped(commentCount)}, the newest first; protected</small></h2>
!${comments.length === 0 ? `<p class="empty">Nobody wrote one.</p>` : html`<div class="wide"><table><thead><tr><th scope="col">Date (UTC)</th><th scope="col">Version</th><th scope="col">Language</th><th scope="col">Comment</th></tr></thead><tbody>!${comments.map(row)}</tbody></table></div>`}</section>`;
}

function searchAddress({ signature, filters, days, source }: SignatureQuery): string {
  return address("/search/", [
    ["signature", `=${signature}`],
    ["source", source === "report" ? "" : source],
    ...filters,
    ["days", String(days)],
  ]);
}
