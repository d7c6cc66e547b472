import { html } from "ghtml";
import { address, replaced } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import type {
  Correlation,
  CorrelationScopes,
  Correlations,
  CorrelationsQuery,
} from "../data/correlations.ts";
import type { Remembered } from "../data/remember.ts";
import { grouped, percent } from "./format.ts";
import { layout } from "./layout.ts";
import { shareDots } from "./parts/bars.ts";
import { breakable, signatureHeading } from "./parts/signature-text.ts";
import { fragmentsScript } from "./scripts.ts";

const PATH = "/signature/correlations/";

export interface CorrelationsView {
  readonly signature: string;
  readonly days: number;
  /** Undefined where no crash has the signature. */
  readonly query: CorrelationsQuery | undefined;
  readonly found: Remembered<Correlations> | undefined;
  readonly scopes: CorrelationScopes;
  readonly now: Date;
  /** The address's own parameters. */
  readonly parameters: Query;
}

/** What the crashes of a signature share: a part of its page, and a page of its own. */
export function correlationsPage(view: CorrelationsView): string {
  const { signature, parameters } = view;
  const back = address("/signature/", parameters);
  return layout({
    title: `What these crashes share: ${signature}`,
    scripts: [fragmentsScript],
    main: html`<article class="report"><header><div class="head"><h1 class="signature"><a href="${back}">!${signatureHeading(signature)}</a></h1></div></header>
!${correlationsSection(view)}</article>`,
  });
}

/** The place of a signature's page that the correlations come into: without scripts a link leads to them, HTML. */
export function correlationsPlace(parameters: Query): string {
  const path = address(
    PATH,
    parameters.filter(([name]) => !["graph", "_facets"].includes(name)),
  );
  return html`<section id="correlations" class="place" data-fragment="${path}"><h2>What these crashes share</h2><p class="waits"><a href="${path}">Work out what they share</a>, against all crashes of their product and channel</p></section>`;
}

function correlationsSection(view: CorrelationsView): string {
  const { query, found, days } = view;
  if (query === undefined || found === undefined || found.value.total === 0)
    return html`<section id="correlations"><h2>What these crashes share</h2>!${query === undefined ? "" : pickers(view, query)}<p class="empty">No crashes with this signature in the last ${days} days!${query === undefined ? "" : " of this product and channel"}: nothing to hold against others.</p></section>`;
  const { allTotal } = found.value;
  const of = `${query.product}${query.channel === undefined ? "" : ` ${query.channel}`}`;
  return html`<section id="correlations"><h2>What these crashes share <small>against all of ${of}, ${grouped(allTotal)}</small></h2>
!${pickers(view, query)}!${table(found.value.found)}
!${howSure(found, view.now)}</section>`;
}

/** Product and channel, with how many crashes of the signature each has. */
function pickers({ scopes, parameters }: CorrelationsView, query: CorrelationsQuery): string {
  const hidden = replaced(replaced(replaced(parameters, "product"), "release_channel"), "channel").map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`,
  );
  const option = (value: string, says: string, current: string) =>
    html`<option value="${value}"!${value === current ? " selected" : ""}>${says}</option>`;
  const products = [...scopes].map(([product]) => option(product, product, query.product));
  const channels = (scopes.get(query.product) ?? []).map(({ term, count }) =>
    option(String(term), `${String(term)} (${grouped(count)})`, query.channel ?? "any"),
  );
  return html`<form action="${PATH}" method="get" class="pickers">!${hidden}<label for="correlations-product">Product</label> <select id="correlations-product" name="product">!${products}</select> <label for="correlations-channel">Channel</label> <select id="correlations-channel" name="release_channel">!${option("any", "any", query.channel ?? "any")}!${channels}</select> <button id="correlations-compare" type="submit">Compare</button></form>`;
}

const SHOWN = 8;

function table(found: readonly Correlation[]): string {
  if (found.length === 0)
    return `<p class="empty">Nothing differs beyond chance: these crashes are as those of the whole product.</p>`;
  const rest = found.slice(SHOWN);
  const more =
    rest.length === 0
      ? ""
      : html`<details class="more-rows"><summary>${rest.length} more</summary>!${rows(rest)}</details>`;
  return rows(found.slice(0, SHOWN)) + more;
}

function rows(found: readonly Correlation[]): string {
  const value = ({ field, term }: Correlation["also"][number]) =>
    html`<span class="quiet">${field}</span> !${breakable(term)}`;
  const row = ({ field, term, here, all, surely, standsOut, also }: Correlation) =>
    html`<tr><td>!${value({ field, term })}!${also.map((one) => html`<br>!${value(one)}`)}</td><td>!${shareDots(here, all, standsOut)}</td><td class="count"><b>${percent(here)}</b></td><td class="count quiet">${percent(all)}</td><td!${surely >= STRONG ? ` class="worse"` : ""}>${confidence(surely)} <span class="below">≥ ${points(surely)}</span></td></tr>`;
  return html`<div class="wide"><table class="correlations"><thead><tr><th scope="col">Value</th><th scope="col">here ● and all |, 0 to 100 %</th><th scope="col" class="count">here</th><th scope="col" class="count">all</th><th scope="col">Surely</th></tr></thead><tbody>!${found.map(row)}</tbody></table></div>`;
}

const STRONG = 0.3;
const CLEAR = 0.1;
const confidence = (surely: number): string =>
  surely >= STRONG ? "strong" : surely >= CLEAR ? "clear" : "weak";
const points = (share: number): string => `${(100 * share).toFixed(1)} points`;

function howSure({ value, at }: Remembered<Correlations>, now: Date): string {
  const minutes = Math.floor((now.getTime() - at.getTime()) / 60_000);
  const age = minutes < 1 ? "just now" : minutes === 1 ? "a minute ago" : `${minutes} minutes ago`;
  const rest = value.looked < value.fields ? ` of ${value.fields}: there was no time for the others` : "";
  return html`<p class="hint">Surely: by how many points the shares differ at the least, with 95 % confidence that this holds for all of the ${grouped(value.values)} values of ${value.looked} fields!${rest} that were looked at. Worked out ${age}.</p>`;
}
