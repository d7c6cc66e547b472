import type { AsRead, ProcessedPing } from "@mayday/crash";
import { html } from "ghtml";
import { crashSummary } from "./crash-summary.ts";
import { layout } from "./layout.ts";
import { stackRows } from "./stack-rows.ts";
import { stackTable } from "./stack-table.ts";
import { recordOf, textOf } from "./stored-json.ts";

export interface PingView {
  readonly documentId: string;
  /** What the viewer may see of the processed ping. */
  readonly ping: AsRead<ProcessedPing>;
  /** Crash ids of the same dump. */
  readonly reports: readonly string[];
}

/** A crash ping: what it says, its stack, and the report of the same dump. */
export function pingPage({ documentId, ping, reports }: PingView): string {
  const signature = textOf(ping["signature"]);
  const address = `/signature/?${new URLSearchParams({ signature: `=${signature}` })}`;
  const report = reports.map((id) => html`<li><a href="/report/index/${id}">${id}</a></li>`);
  return layout({
    title: `Ping ${documentId}`,
    main: html`<article>
<h1>Crash ping</h1>
<p><a href="${address}">${signature}</a></p>
!${crashSummary(ping)}
<h2>Reports of this dump</h2>
!${reports.length === 0 ? html`<p>None was submitted, or it has not come.</p>` : html`<ul>!${report}</ul>`}
<h2>Stack</h2>
!${stack(ping)}
</article>`,
  });
}

function stack(ping: AsRead<ProcessedPing>): string {
  const dump = recordOf(ping["json_dump"]);
  const index = Number(recordOf(dump["crash_info"])["crashing_thread"] ?? 0);
  const threads = Array.isArray(dump["threads"]) ? dump["threads"] : [];
  const rows = stackRows(recordOf(threads[index]));
  return rows.length === 0 ? html`<p>The ping has no stack.</p>` : stackTable(rows);
}
