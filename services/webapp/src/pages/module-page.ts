import { missingModuleIn } from "@mayday/crash";
import type { FacetTerm } from "@mayday/search";
import { html } from "ghtml";
import { address } from "../data/address.ts";
import { type MissingModule, moduleFacets } from "../data/missing-module.ts";
import { grouped, query } from "./format.ts";
import { layout } from "./layout.ts";
import { shareBar } from "./parts/bars.ts";
import { figures } from "./parts/figures.ts";
import { bulkForm } from "./parts/form.ts";
import { breakable, signatureCell } from "./parts/signature-text.ts";
import { trend } from "./parts/trend.ts";

export interface ModuleView extends MissingModule {
  /** As the field `missing_symbols` names it. */
  readonly module: string;
  readonly days: number;
  /** The form's token, for who may have crashes processed again. */
  readonly mayReprocess?: { readonly csrf: string } | undefined;
}

/** One module whose symbols are missed: by whom, since when, and what to do. */
export function modulePage(view: ModuleView): string {
  const { module, days, total, mayReprocess } = view;
  const { file, version, debugId, codeId } = missingModuleIn(module);
  const crashes = address("/search/", [
    ["missing_symbols", `=${module}`],
    ["days", String(days)],
  ]);
  const again =
    mayReprocess === undefined || total === 0
      ? ""
      : bulkForm(mayReprocess.csrf, total, crashes.replace("/search/?", ""));
  return layout({
    title: file,
    section: "/symbols/",
    main: html`<article><div class="head"><h1>!${breakable(file)} <small>${version}</small></h1><div class="acts"><a class="button" href="${crashes}">Open in search</a>!${again}</div></div>
<p class="under"><span>Debug id <code>${debugId}</code></span>!${codeId === "" ? "" : html`<span>code id <code>${codeId}</code></span>`}<a href="/symbols/">All missing modules</a></p>
!${total === 0 ? html`<p class="empty">No crash of the last ${days} days missed these symbols: they are there, or nobody needs them.</p>` : crashed(view, crashes)}
<section><h2>To make them readable</h2><p>Upload the symbols of this very build, whose debug id must be the same:</p><pre>mayday symbols upload ${file}</pre>
<p class="hint">Crashes that missed them are processed again by themselves. Of a system’s own library, ask a symbol server that has it: <code>SYMBOL_SOURCES</code>.</p></section></article>`,
  });
}

function crashed({ facets, perDay, days, total }: ModuleView, crashes: string): string {
  const first = perDay.findIndex((count) => count > 0);
  const since =
    first <= 0 ? `in all of the last ${days} days` : `first ${grouped(perDay.length - 1 - first)} days ago`;
  const breakdown = (field: keyof typeof moduleFacets) => {
    const row = ({ term, count }: FacetTerm) => {
      const name = String(term);
      const cell =
        field === "signature"
          ? signatureCell(name, { frames: 2 })
          : html`<a href="${crashes}&${query({ [field]: `=${name}` })}">${name}</a>`;
      return html`<tr><td class="sig">!${cell}</td><td class="count">${grouped(count)}</td><td>!${shareBar(count / total)}</td></tr>`;
    };
    return html`<section><h2>${moduleFacets[field]}</h2><table><thead><tr><th scope="col">${moduleFacets[field]}</th><th scope="col" class="count">Crashes</th><th scope="col"><span class="unseen">Share</span></th></tr></thead><tbody>!${facets[field].map(row)}</tbody></table></section>`;
  };
  return html`!${figures([
    { value: grouped(total), says: `crashes missed them, last ${days} days` },
    { value: since, says: "when they were missed" },
  ])}
!${trend(perDay, { isWide: true, label: `crashes a day: ${perDay.join(", ")}` })}
<div class="breakdown">!${(Object.keys(moduleFacets) as (keyof typeof moduleFacets)[]).map(breakdown)}</div>`;
}
