import { html } from "ghtml";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import type { QueueDepths } from "./start-page.ts";

/** What waits in each queue. */
const waits: Readonly<Record<string, string>> = {
  standard: "crashes as they come",
  priority: "crashes somebody waits for",
  reprocessing: "crashes to be processed again",
  indexing: "processed, not yet searchable",
  symcaches: "symbol files to convert",
  missing: "modules without symbols, to be counted",
  arrivals: "symbols that came, whose crashes are to be found",
};

/** Whether the pipeline is well, as far as its queues tell. */
export function opsPage(queues: QueueDepths | undefined, now: Date): string {
  const at = `${now.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  return layout({
    title: "Operations",
    section: "/ops/",
    refreshSeconds: 10,
    main: html`<article><h1>Operations <small>${at}</small></h1>
!${queues === undefined ? html`<p class="note"><b>Redis does not answer.</b> Reports are collected all the same and are processed once it does.</p>` : queueTable(queues)}
<p class="hint">Every service tells its figures at <code>/metrics</code> and its health at <code>/__heartbeat__</code>; docs/operate.md says what to look at.</p></article>`,
  });
}

function queueTable(queues: QueueDepths): string {
  const failed = Object.values(queues).reduce((sum, jobs) => sum + (jobs["failed"] ?? 0), 0);
  const note =
    failed === 0
      ? ""
      : html`<p class="note"><b>${grouped(failed)} ${failed === 1 ? "job has" : "jobs have"} failed for good.</b> They wait for somebody to look: nothing is dropped.</p>`;
  const row = ([name, jobs]: [string, QueueDepths[string]]) => {
    const waiting = (jobs["waiting"] ?? 0) + (jobs["prioritized"] ?? 0);
    const bad = jobs["failed"] ?? 0;
    return html`<tr><td><b>${name}</b></td><td class="quiet">${Object.hasOwn(waits, name) ? waits[name] : ""}</td><td class="count">${grouped(waiting)}</td><td class="count">${grouped(jobs["delayed"] ?? 0)}</td><td class="count">${grouped(jobs["active"] ?? 0)}</td><td class="count!${bad > 0 ? " worse" : ""}">${grouped(bad)}</td></tr>`;
  };
  return html`!${note}<h2>Queues</h2><div class="wide"><table><thead><tr><th scope="col">Queue</th><th scope="col">What waits there</th><th scope="col" class="count">Waiting</th><th scope="col" class="count">Tried again later</th><th scope="col" class="count">In work</th><th scope="col" class="count">Failed</th></tr></thead><tbody>!${Object.entries(queues).map(row)}</tbody></table></div>`;
}
