import type { FacetTerm } from "@mayday/search";
import { html } from "ghtml";
import { address } from "../data/address.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import { shareBar } from "./parts/bars.ts";
import { breakable } from "./parts/signature-text.ts";

export interface SymbolsView {
  /** How far back crashes were looked at. */
  readonly days: number;
  /** Modules as the field `missing_symbols` names them: `file/version/debug id`, and behind it the code id where there is one. */
  readonly missing: readonly FacetTerm[];
  /** All crashes of these days. */
  readonly total: number;
}

/** Which modules' symbols would make most crashes readable. */
export function symbolsPage({ days, missing, total }: SymbolsView): string {
  return layout({
    title: "Symbols",
    section: "/symbols/",
    main: html`<article><h1>Symbols <small>modules whose symbols are missing, last ${days} days</small></h1>
<p class="facts">Upload them, and the crashes that missed them are processed again by themselves: <code>mayday symbols upload FOLDER</code></p>
!${missing.length === 0 ? html`<p class="empty">No crash of these days missed symbols.</p>` : table(missing, total)}</article>`,
  });
}

function table(missing: readonly FacetTerm[], total: number): string {
  const largest = missing[0]?.count ?? 1;
  const row = ({ term, count }: FacetTerm) => {
    const [file = "", version = "", debugId = ""] = String(term).split("/");
    const crashes = address("/search/", [["missing_symbols", String(term)]]);
    return html`<tr><td class="sig"><b>!${breakable(file)}</b></td><td>${version}</td><td class="hex">${debugId}</td><td class="count"><a href="${crashes}">${grouped(count)}</a></td><td class="count">${((100 * count) / Math.max(total, 1)).toFixed(1)} %</td><td>!${shareBar(count / largest)}</td></tr>`;
  };
  return html`<div class="wide"><table><thead><tr><th scope="col">Module</th><th scope="col">Version</th><th scope="col">Debug id</th><th scope="col" class="count" aria-sort="descending">Crashes</th><th scope="col" class="count">Of all</th><th></th></tr></thead><tbody>!${missing.map(row)}</tbody></table></div>`;
}
