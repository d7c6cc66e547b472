import { html } from "ghtml";
import type { SourceLocation } from "./source-location.ts";
import type { StackRow } from "./stack-rows.ts";

/** A stack as a table, HTML. */
export function stackTable(rows: readonly StackRow[]): string {
  if (rows.length === 0) return `<p class="empty">No frames.</p>`;
  return html`<div class="wide"><table class="stack">
<thead><tr><th scope="col">Frame</th><th scope="col">Module</th><th scope="col">Function</th><th scope="col">Source</th><th scope="col">Trust</th></tr></thead>
<tbody>
!${rows.map(row)}</tbody>
</table></div>`;
}

function row(row: StackRow): string {
  if (row.kind === "gap") return html`<tr class="gap"><td colspan="5">${row.message}</td></tr>`;
  const kind = row.trust === "inlined" ? "inlined" : row.hasSymbols ? "frame" : "frame bare";
  return html`<tr class="${kind}"><td class="number">${row.frame}</td><td>${row.module}</td><td class="function" title="${row.place}">${row.name}</td><td class="source">!${source(row.source)}</td><td class="trust">${row.trust}</td></tr>
`;
}

function source(location: SourceLocation | undefined): string {
  if (location === undefined) return "";
  const { folder, file, href } = location;
  const shown = html`<span class="folder">${folder}</span><span class="file">${file}</span>`;
  return href === undefined ? shown : html`<a href="${href}" rel="noreferrer">!${shown}</a>`;
}
