import type { AsRead, RawCrash } from "@mayday/crash";
import { html } from "ghtml";
import { grouped } from "./format.ts";
import { textOf } from "./stored-json.ts";

/** What the collector adds is no annotation of the client's. */
const COLLECTORS_OWN = new Set(["uuid", "version", "submitted_timestamp", "metadata"]);
/** Longer values are folded: JSON that a client packed into an annotation can fill screens. */
const FOLDED_FROM = 240;
const LONGEST_SHOWN = 20_000;

/** The annotations of a report by name, HTML. `raw` is what the viewer may see of the raw crash. */
export function annotationsTable(raw: AsRead<RawCrash>): string {
  const annotations = Object.entries(raw)
    .filter(([name]) => !COLLECTORS_OWN.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  if (annotations.length === 0) return `<p class="empty">No annotations.</p>`;
  return html`<div class="wide"><table class="annotations">
<thead><tr><th scope="col">Annotation</th><th scope="col">Value</th></tr></thead>
<tbody>
!${annotations.map(([name, value]) => html`<tr><th scope="row">${name}</th><td>!${shown(textOf(value))}</td></tr>`)}
</tbody>
</table></div>`;
}

function shown(value: string): string {
  if (value.length <= FOLDED_FROM) return html`${value}`;
  const more = value.length - LONGEST_SHOWN;
  const cut = more <= 0 ? "" : html`<p class="empty">${grouped(more)} more characters in the raw crash.</p>`;
  return html`<details><summary>${value.slice(0, 80)}… (${grouped(value.length)} characters)</summary><pre>${value.slice(0, LONGEST_SHOWN)}</pre>!${cut}</details>`;
}
