import { html } from "ghtml";
import { address, replaced } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import {
  crashSources,
  type TopCrasher,
  type TopCrashers,
  type TopCrashersQuery,
  TREND_DAYS,
} from "../data/top-crashers.ts";
import type { ShareChange } from "../view/share-change.ts";
import { compareVersions } from "../view/versions.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import type { PageLinks } from "./page-links.ts";
import { badge } from "./parts/badges.ts";
import { platformBar, platformLegend, shareBar } from "./parts/bars.ts";
import { bugLinks } from "./parts/bugs.ts";
import { type Choice, chip } from "./parts/chips.ts";
import { type Figure, figures } from "./parts/figures.ts";
import { rateCell, rateText, sourceNames, useText } from "./parts/rate.ts";
import { signatureCell } from "./parts/signature-text.ts";
import { trend } from "./parts/trend.ts";
import { trendMark } from "./parts/trend-mark.ts";

const PATH = "/topcrashers/";
export const sizes = [50, 100, 200, 300] as const;
export const spans = [1, 3, 7, 14, 28] as const;

export interface TopCrashersView {
  readonly query: TopCrashersQuery;
  readonly found: TopCrashers;
  /** The products there are, to choose from. */
  readonly products: readonly string[];
  /** The address's own parameters. */
  readonly parameters: Query;
  readonly links: PageLinks;
}

/** Which signatures a version's crashes have, the most frequent first. */
export function topCrashersPage(view: TopCrashersView): string {
  const { query, found, parameters } = view;
  const { listed, total, totalBefore, versionBefore } = found;
  const of = [query.product, ...query.versions].join(" ");
  const counted = listed.reduce((sum, { count }) => sum + count, 0);
  const fresh = listed.filter(({ change }) => change?.says === "absent before").length;
  return layout({
    title: `Top crashers of ${of}`,
    section: PATH,
    main: html`<article>
<div class="head"><h1>Top crashers <small>${of}, last ${query.days} ${query.days === 1 ? "day" : "days"}</small></h1>
<div class="acts"><a class="button" href="${searchAddress(query)}">Open in search</a> <a class="button" href="${address(PATH, [...replaced(parameters, "format"), ["format", "csv"]])}">CSV</a></div></div>
<div class="chips">!${chips(view)}</div>
!${figures([
      { value: grouped(total), says: `${sourceNames[query.source]} received` },
      ...rateFigure(found),
      { value: changeText(total, totalBefore), says: "against the days before" },
      {
        value: total === 0 ? "–" : `${((100 * counted) / total).toFixed(1)} %`,
        says: `of all crashes are in these ${listed.length}`,
      },
      ...(versionBefore === undefined
        ? []
        : [{ value: `${fresh} new`, says: `signatures that ${versionBefore} did not have` }]),
    ])}
!${listed.length === 0 ? empty(query) : table(listed, view)}
</article>`,
  });
}

/** The rate of all that is listed. */
function rateFigure({ listed, use }: TopCrashers): Figure[] {
  const known = listed.flatMap(({ rate }) => rate ?? []);
  if (use.hours === null) return [{ value: "unknown", says: "per 1,000 hours: use is missing" }];
  const sum = known.reduce((all, { rate }) => all + rate, 0);
  return [{ value: rateText(sum), says: `per 1,000 hours, these ${known.length} together` }];
}

const empty = ({ days }: TopCrashersQuery): string =>
  html`<p class="empty">No crashes match in the last ${days} days. Take a filter away, or look further back.</p>`;

function chips({ query, found, products, parameters }: TopCrashersView): string {
  const choices = (
    name: string,
    values: readonly string[],
    current: string,
    label = (value: string) => value,
  ): Choice[] =>
    values.map((value) => ({
      label: label(value),
      href: address(PATH, replaced(parameters, name, value)),
      isCurrent: value === current,
    }));
  const versions = found.versions.map(({ version }) => version).sort((a, b) => compareVersions(b, a));
  return [
    chip(
      "Product",
      products.map((product) => ({
        label: product,
        href: address(PATH, [["product", product]]),
        isCurrent: product === query.product,
      })),
      false,
    ),
    chip(
      "Version",
      [
        {
          label: "all",
          href: address(PATH, replaced(parameters, "version", "any")),
          isCurrent: query.versions.length === 0,
        },
        ...choices("version", versions, query.versions[0] ?? ""),
      ],
      query.versions.length === 0,
    ),
    chip(
      "Of",
      crashSources.map((source) => ({
        label: sourceNames[source],
        href: address(PATH, replaced(parameters, "source", source)),
        isCurrent: source === query.source,
      })),
      query.source === "report",
    ),
    chip(
      "Last",
      choices("days", spans.map(String), String(query.days), (days) =>
        days === "1" ? "day" : `${days} days`,
      ),
      query.days === 7,
    ),
    chip(
      "Process",
      choices(
        "process_type",
        ["any", "parent", "content", "gpu", "plugin", "rdd", "socket", "utility", "other"],
        query.processType,
      ),
      query.processType === "any",
    ),
    chip(
      "Type",
      choices("_report_type", ["any", "crash", "hang"], query.reportType),
      query.reportType === "any",
    ),
    chip(
      "Platform",
      choices("platform", ["any", "Windows NT", "Mac OS X", "Linux", "Android"], query.platform),
      query.platform === "any",
    ),
  ].join("");
}

function table(listed: readonly TopCrasher[], { found, query, parameters, links }: TopCrashersView): string {
  const largest = Math.max(...listed.map(({ count }) => count), 1);
  const before = found.versionBefore;
  return html`<div class="wide"><table class="top-crashers">
<thead><tr><th scope="col" class="number">#</th><th scope="col">Move</th><th scope="col">Signature</th><th scope="col">${TREND_DAYS} days</th>!${sortable("count", "Crashes", query, parameters)}!${sortable("rate", "per 1,000 h", query, parameters)}<th scope="col" class="count">Share</th>!${before === undefined ? "" : html`<th scope="col">vs ${before}</th>`}<th scope="col">Platforms</th><th scope="col" class="count">Installs</th><th scope="col">First seen, bugs</th></tr></thead>
<tbody>
!${listed.map((crasher) => row(crasher, largest, before !== undefined, query, links))}</tbody>
</table></div>
!${platformLegend()}
<p class="hint" id="use">!${useText(found.use)}!${query.source === "both" && found.use.hours !== null ? " Rates are of pings alone: of those none is left out." : ""}</p>
<div class="pages"><span>Move: against the ${query.days} days before.!${before === undefined ? "" : html` Against ${before}: the ratio of shares with its 95 % interval; unclear where chance may explain it.`}</span><span class="switch">!${sizes.map((size) => html`<a href="${address(PATH, replaced(parameters, "_facets_size", String(size)))}"!${size === query.size ? ` aria-current="true"` : ""}>${size}</a>`)}</span></div>`;
}

/** The head of a column that the list can be ordered by. */
function sortable(
  order: TopCrashersQuery["order"],
  label: string,
  query: TopCrashersQuery,
  parameters: Query,
): string {
  return order === query.order
    ? html`<th scope="col" class="count" aria-sort="descending">${label}</th>`
    : html`<th scope="col" class="count"><a href="${address(PATH, replaced(parameters, "order", order))}">${label}</a></th>`;
}

function known({ firstSeen, bugs }: TopCrasher, links: PageLinks): string {
  const seen =
    firstSeen === undefined
      ? ""
      : html`<span title="${firstSeen.firstBuild === "" ? "" : `in build ${firstSeen.firstBuild}`}">${firstSeen.firstDate.slice(0, 10)}</span>`;
  return html`!${seen}!${bugs.length === 0 ? "" : html`<span class="below">!${bugLinks(bugs, links)}</span>`}`;
}

function row(
  crasher: TopCrasher,
  largest: number,
  compares: boolean,
  query: TopCrashersQuery,
  links: PageLinks,
): string {
  const { rank, signature, count, weighted, share, platforms, installs, trend: days, change } = crasher;
  const isWorse = change?.says === "absent before" || change?.says === "more";
  return html`<tr><td class="number">${rank}</td><td>!${movement(crasher)}</td><td class="sig">!${signatureCell(signature, { also: alsoOf(query) })}!${badges(crasher)}!${crasher.trends.map(trendMark)}</td><td>!${trend(days, { isWorse, label: `crashes a day: ${days.join(", ")}` })}</td><td class="count"><b>${grouped(count)}</b>!${weighted > count ? html`<span class="below" title="so many crashes these stand for: a share was kept">of ${grouped(Math.round(weighted))}</span>` : ""}</td><td class="count">!${rateCell(crasher.rate)}</td><td class="count">${(100 * share).toFixed(1)} %!${shareBar(count / largest)}</td>!${compares ? html`<td>!${changeCell(change)}</td>` : ""}<td>!${platformBar(platforms)}</td><td class="count">${installs === 0 ? "" : grouped(installs)}</td><td>!${known(crasher, links)}</td></tr>
`;
}

/** What the signature's page is to be narrowed by, too. */
function alsoOf({ product, versions, source }: TopCrashersQuery): Record<string, string> {
  return {
    product,
    ...(source === "report" ? {} : { source }),
    ...(versions.length === 1 ? { version: versions[0]! } : {}),
  };
}

function movement({ rank, rankBefore }: TopCrasher): string {
  if (rankBefore === undefined) return `<span class="worse">new</span>`;
  const moved = rankBefore - rank;
  if (moved === 0) return `<span class="quiet">·</span>`;
  return moved > 0
    ? html`<span class="${moved >= 5 ? "worse" : "quiet"}">▲${moved}</span>`
    : html`<span class="quiet">▼${-moved}</span>`;
}

function badges({ signature, change, startup, hangs, garbageCollecting }: TopCrasher): string {
  const found: string[] = [];
  if (change?.says === "absent before") found.push(badge("new", "new"));
  else if (change?.says === "more" && change.ratio >= 1.5)
    found.push(badge("rising", `rising ${change.ratio.toFixed(1)}×`));
  if (startup >= 0.25) found.push(badge("fact", `startup ${Math.round(100 * startup)} %`));
  if (hangs >= 0.5) found.push(badge("fact", "hang"));
  if (garbageCollecting >= 0.5) found.push(badge("fact", `in GC ${Math.round(100 * garbageCollecting)} %`));
  if (/@0x|\.dll \||\.so \|/.test(signature)) found.push(badge("fact", "no symbols"));
  return found.slice(0, 2).join(" ");
}

function changeCell(change: ShareChange | undefined): string {
  if (change === undefined) return "";
  switch (change.says) {
    case "absent before":
      return `<b class="worse">absent before</b>`;
    case "more":
      return html`<b class="worse">▲ ${change.ratio.toFixed(1)}×</b><span class="below">${interval(change)}</span>`;
    case "less":
      return html`<b class="better">▼ ${change.ratio.toFixed(2)}×</b><span class="below">${interval(change)}</span>`;
    default:
      return html`${Number.isFinite(change.ratio) ? `${change.ratio.toFixed(2)}×` : ""} <span class="quiet">unclear</span>`;
  }
}

const interval = ({ low, high }: ShareChange): string => `${low.toFixed(1)} to ${high.toFixed(1)}`;

function changeText(total: number, before: number): string {
  if (before === 0) return "–";
  const percent = Math.round((100 * (total - before)) / before);
  return `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)} %`;
}

function searchAddress(query: TopCrashersQuery): string {
  const given = (name: string, value: string): Query => (value === "any" ? [] : [[name, `=${value}`]]);
  return address("/search/", [
    ["product", query.product],
    ...(query.source === "report" ? [] : ([["source", query.source]] as Query)),
    ...query.versions.map((version) => ["version", version] as const),
    ...given("process_type", query.processType),
    ...given("platform", query.platform),
    ...given("report_type", query.reportType),
    ["_facets", "signature"],
  ]);
}
