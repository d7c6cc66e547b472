import { DEEPEST_FACET, type FacetTerm, type Hit, type SearchField } from "@mayday/search";
import { html } from "ghtml";
import { address, lastOf, replaced } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import type { SavedSearches } from "../data/saved-searches.ts";
import { pageSizes, type SearchFound, type SearchQuery } from "../data/search.ts";
import { crashAddress, shortId } from "../view/crash-address.ts";
import { allOperators, lineOf, operatorsOf } from "../view/search-lines.ts";
import { grouped, moment } from "./format.ts";
import { layout } from "./layout.ts";
import { shareBar } from "./parts/bars.ts";
import { dayColumns } from "./parts/column-plot.ts";
import { bulkForm } from "./parts/form.ts";
import { savedSearchesFold } from "./parts/saved-searches.ts";
import { breakable, signatureCell } from "./parts/signature-text.ts";

const PATH = "/search/";

export interface SearchView {
  readonly query: SearchQuery;
  /** Undefined where the search could not be read: then why. */
  readonly found: SearchFound | { readonly problem: string };
  /** The fields the viewer may use, by name. */
  readonly fields: ReadonlyMap<string, SearchField>;
  /** The address's own parameters. */
  readonly parameters: Query;
  /** The forms' token, for who may send one. */
  readonly csrf: string | undefined;
  /** Whether the viewer may have crashes processed again. */
  readonly mayReprocess: boolean;
  /** Undefined where they are not known. */
  readonly saved: SavedSearches | undefined;
  /** What became of a saved search just now. */
  readonly told: string | undefined;
}

/** The search: filter lines, what narrows it down, when, and what was found. */
export function searchPage(view: SearchView): string {
  const { found } = view;
  const isFound = !("problem" in found);
  const counted = isFound
    ? html`<small>${grouped(found.total)} ${found.total === 1 ? "crash" : "crashes"} · ${(found.ms / 1000).toFixed(2)} s</small>`
    : "";
  return layout({
    title: "Search",
    section: PATH,
    main: html`<article class="columns left"><div>
<div class="head"><h1>Search !${counted}</h1><div class="acts">!${saveLink(view)}!${reprocessAll(view)}</div></div>
!${form(view)}
!${sources(view.parameters)}
!${savedFold(view)}
!${isFound ? results(view, found) : html`<p class="note"><b>This search cannot be read.</b> ${found.problem}</p>`}
!${elsewhere(view)}
</div><aside class="rail">!${isFound ? rail(view, found) : ""}</aside></article>`,
  });
}

/** Leads into the fold, which opens for it. */
function saveLink({ saved, found }: SearchView): string {
  return saved?.own === undefined || "problem" in found
    ? ""
    : `<a class="button" href="#save-as">Save as…</a> `;
}

function savedFold({ saved, fields, parameters, found, csrf, told }: SearchView): string {
  if (saved === undefined) return "";
  const shown = "problem" in found ? undefined : parameters;
  return savedSearchesFold({ saved, fields, shown, csrf, told });
}

function reprocessAll({ found, mayReprocess, csrf, parameters }: SearchView): string {
  if (!mayReprocess || csrf === undefined || "problem" in found || found.total === 0) return "";
  // Pings are not processed by the crash.
  if (parameters.some(([name, value]) => name === "source" && value !== "report")) return "";
  const filters = parameters.filter(([name]) => !name.startsWith("_"));
  return bulkForm(csrf, found.total, address("", filters).slice(1));
}

/** Whether reports are searched, pings, or both. */
function sources(parameters: Query): string {
  const current = lastOf(parameters, "source") ?? "report";
  const link = (source: string, label: string) =>
    html`<a href="${address(PATH, replaced(replaced(parameters, "_results_offset"), "source", source === "report" ? "" : source))}"!${source === current ? ` aria-current="true"` : ""}>${label}</a>`;
  return html`<p class="under"><span class="switch">!${link("report", "reports")}!${link("ping", "pings")}!${link("both", "both")}</span></p>`;
}

/** One line for each filter, and an empty one to add; sent to an address that makes a search of them. */
function form({ query, fields }: SearchView): string {
  const lines = query.filters.flatMap(([name, value]) => {
    const field = fields.get(name);
    return field === undefined ? [] : [lineOf(field, value)];
  });
  const kept = [
    ...query.filters.filter(([name]) => name === "source"),
    ...query.columns.map((name) => ["_columns", name] as const),
    ["_sort", query.sort] as const,
    ["_results_number", String(query.size)] as const,
  ];
  const option = (value: string, label: string, chosen: string) =>
    html`<option value="${value}"!${value === chosen ? " selected" : ""}>${label}</option>`;
  const names = [...fields.keys()].sort();
  const line = (field: string, sign: string, value: string, number: number) => {
    const known = fields.get(field);
    const operators = known === undefined ? allOperators : operatorsOf(known);
    return html`<div><select name="field" aria-label="Field of line ${number}">!${option("", "choose a field", field)}!${names.map((name) => option(name, name, field))}</select><select name="operator" aria-label="Operator of line ${number}">!${operators.map(({ sign: one, says }) => option(one, says, sign))}</select><input type="text" name="value" value="${value}" aria-label="Value of line ${number}" spellcheck="false"></div>`;
  };
  return html`<form action="/search/lines/" method="get" class="lines">
!${lines.map(({ field, sign, value }, index) => line(field, sign, value, index + 1))}
!${line("", "~", "", lines.length + 1)}
!${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<div><button type="submit" class="first">Search</button> <span class="hint">An empty line adds nothing; a line without a field is taken away.</span></div>
</form>`;
}

function rail({ parameters, query }: SearchView, { rail: facets, total }: SearchFound): string {
  const base = replaced(parameters, "_results_offset");
  const term = (field: string, { term: value, count }: FacetTerm) => {
    const text = String(value);
    const add = address(PATH, [...base, [field, `=${text}`]]);
    const not = address(PATH, [...base, [field, `!=${text}`]]);
    return html`<li><span class="line"><span><a href="${add}">!${breakable(text || "(empty)")}</a> <a class="badge" href="${not}" aria-label="not ${text}">not</a></span> <span>${grouped(count)}</span></span>!${shareBar(total === 0 ? 0 : count / total)}</li>`;
  };
  const section = ({ field, terms }: SearchFound["rail"][number]) =>
    html`<section><h2>${field} <a class="hint" href="${address(PATH, [...replaced(base, "_facets"), ["_facets", field]])}">all</a></h2><ul class="counted">!${terms.map((one) => term(field, one))}</ul></section>`;
  const hint = query.filters.length === 0 ? "" : html`<p class="hint"><a href="${PATH}">Start anew</a></p>`;
  return html`<section><h2>Narrow down</h2><p class="hint">A click adds a value; “not” leaves it out. Counts follow the filters.</p>!${hint}</section>!${facets.map(section)}`;
}

function results(view: SearchView, found: SearchFound): string {
  const { query, parameters } = view;
  const tab = (name: string, facet: string | undefined) => {
    const others = replaced(replaced(parameters, "_facets"), "_results_offset");
    const href = address(PATH, facet === undefined ? others : [...others, ["_facets", facet]]);
    return html`<a href="${href}"!${facet === query.facet ? ` aria-current="page"` : ""}>${name}</a>`;
  };
  const tabs = ["signature", "version", "platform", "reason", "build_id", "process_type"];
  if (query.facet !== undefined && !tabs.includes(query.facet)) tabs.push(query.facet);
  return html`<section><h2>When <small>crashes a day</small></h2>!${dayColumns(found.days)}</section>
<nav class="tabs" aria-label="Results">!${tab("Reports", undefined)}!${tabs.map((facet) => tab(`by ${facet}`, facet))}</nav>
!${found.total === 0 ? `<p class="empty">No crashes match. Take a filter away, or look at other dates: a search without a date is one over the last 7 days.</p>` : query.facet === undefined ? reports(view, found) : facetTable(view, found)}`;
}

function reports({ query, parameters }: SearchView, { hits, total }: SearchFound): string {
  const sorted = query.sort.replace(/^-/, "");
  const head = (name: string) => {
    const direction = name !== sorted ? "" : query.sort.startsWith("-") ? "descending" : "ascending";
    const next = name === sorted && direction === "descending" ? name : `-${name}`;
    const href = address(PATH, replaced(parameters, "_sort", next));
    return html`<th scope="col"!${direction === "" ? "" : html` aria-sort="${direction}"`}><a href="${href}">${name}</a></th>`;
  };
  const row = (hit: Hit) => html`<tr>!${query.columns.map((name) => cell(name, hit))}</tr>
`;
  return html`<div class="wide"><table class="crashes">
<thead><tr>!${query.columns.map(head)}</tr></thead>
<tbody>
!${hits.map(row)}</tbody>
</table></div>
!${pages(query, parameters, total)}`;
}

function cell(name: string, hit: Hit): string {
  const value = (hit as Readonly<Record<string, unknown>>)[name] ?? "";
  const text = Array.isArray(value) ? value.join(", ") : String(value);
  switch (name) {
    case "uuid":
      return html`<td class="id"><a href="${crashAddress(text)}">${shortId(text)}</a></td>`;
    case "date":
      return html`<td class="date"><a href="${crashAddress(hit.uuid)}">${moment(text)}</a></td>`;
    case "signature":
      return html`<td class="sig">!${signatureCell(text)}</td>`;
    default:
      return html`<td>!${breakable(text)}</td>`;
  }
}

/** @param reachable how many of them can be paged through */
function pages({ size, offset }: SearchQuery, parameters: Query, total: number, reachable = total): string {
  const to = (at: number) =>
    address(PATH, replaced(parameters, "_results_offset", at === 0 ? "" : String(at)));
  const last = Math.min(offset + size, total);
  const sizesOf = pageSizes.map(
    (one) =>
      html`<a href="${address(PATH, replaced(parameters, "_results_number", String(one)))}"!${one === size ? ` aria-current="true"` : ""}>${one}</a>`,
  );
  return html`<div class="pages"><span>${grouped(offset + 1)}–${grouped(last)} of ${grouped(total)}</span><span class="switch">!${sizesOf}</span><span>!${offset === 0 ? "" : html`<a href="${to(Math.max(0, offset - size))}">Previous ${size}</a>`} !${last >= reachable ? "" : html`<a href="${to(offset + size)}">Next ${size}</a>`}</span></div>`;
}

function facetTable({ query, parameters }: SearchView, { facet, facetTotal, total }: SearchFound): string {
  const name = query.facet ?? "";
  const others = replaced(replaced(parameters, "_facets"), "_results_offset");
  const largest = facet[0]?.count ?? 1;
  const row = ({ term, count }: FacetTerm, index: number) => {
    const text = String(term);
    const link =
      name === "signature"
        ? signatureCell(text)
        : html`<a href="${address(PATH, [...others, [name, `=${text}`]])}">!${breakable(text || "(empty)")}</a>`;
    return html`<tr><td class="number">${grouped(query.offset + index + 1)}</td><td class="sig">!${link} <a class="badge" href="${address(PATH, [...others, [name, `=${text}`]])}">add</a> <a class="badge" href="${address(PATH, [...others, [name, `!=${text}`]])}">not</a></td><td class="count">${grouped(count)}</td><td class="count">${((100 * count) / total).toFixed(1)} %</td><td>!${shareBar(count / largest)}</td></tr>
`;
  };
  return html`<div class="wide"><table><thead><tr><th scope="col" class="number">#</th><th scope="col">${name}</th><th scope="col" class="count">Crashes</th><th scope="col" class="count">Share</th><th scope="col"><span class="unseen">Bars</span></th></tr></thead><tbody>
!${facet.map(row)}</tbody></table></div>
!${pages(query, parameters, facetTotal, Math.min(facetTotal, DEEPEST_FACET))}`;
}

/** The same search as a call of the API and as a command. */
function elsewhere({ query }: SearchView): string {
  const parameters: Query = [
    ...query.filters,
    ...query.columns.map((name) => ["_columns", name] as const),
    ["_sort", query.sort],
    ...(query.facet === undefined ? [] : [["_facets", query.facet] as const]),
  ];
  const url = address("/api/SuperSearch/", parameters);
  const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  const command = [
    "mayday supersearch",
    ...query.filters.map(([name, value]) => `--${name}=${quoted(value)}`),
  ].join(" ");
  const line = (label: string, text: string) =>
    html`<dt>${label}</dt><dd>!${breakable(text)} <button type="button" class="small" data-copy="${text}" hidden>Copy</button></dd>`;
  return html`<section><h2>The same elsewhere <small>this search as a call of the API and as a command</small></h2><dl class="elsewhere">!${line("API", url)}!${line("Command", command)}</dl></section>`;
}
