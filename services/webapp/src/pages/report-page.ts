import { type CrashId, MAIN_DUMP } from "@mayday/crash";
import { html } from "ghtml";
import type { AttachmentView } from "../attachments.ts";
import { permissionTitle } from "../permissions.ts";
import { annotationsTable } from "./annotations-table.ts";
import { crashSummary } from "./crash-summary.ts";
import { grouped, query } from "./format.ts";
import { layout } from "./layout.ts";
import { modulesTable, unloadedModulesTable } from "./modules-table.ts";
import { registersTable } from "./registers-table.ts";
import { signatureLink } from "./signature-link.ts";
import { signatureSteps } from "./signature-steps.ts";
import { stackRows } from "./stack-rows.ts";
import { stackTable } from "./stack-table.ts";
import { type JsonRecord, recordOf, recordsOf, textOf } from "./stored-json.ts";
import { type ThreadView, threadsOf, threadTitle } from "./threads.ts";

/** A crash as its viewer may see it: both documents are redacted already when the viewer may not see all. */
export interface ReportView {
  readonly id: CrashId;
  readonly processed: JsonRecord;
  /** The annotations; undefined when the raw crash is no longer stored. */
  readonly raw: JsonRecord | undefined;
  /** Names of the dumps the viewer may download. */
  readonly dumps: readonly string[];
  /** The attachments the viewer may download; how many there are for one who may not. */
  readonly attachments: readonly (AttachmentView & { readonly bytes: number | undefined })[] | number;
}

/** Rows of other threads that are shown: a damaged dump may have any number of threads. */
const MOST_ROWS = 20_000;

/** The page of a processed crash. */
export function reportPage({ id, processed, raw, dumps, attachments }: ReportView): string {
  const signature = textOf(processed["signature"]) || "(no signature)";
  const dump = recordOf(processed["json_dump"]);
  const { crashed, others } = threadsOf(dump);
  const steps = signatureSteps(processed["signature_steps"], textOf(processed["signature_debug"]));
  const main = html`<article class="report">
<header>
<h1 class="signature">${signature}</h1>
<p class="under"><span class="id">${id}</span> !${signatureLink(signature, "More crashes with this signature")}</p>
<nav><a href="#stack">Crashing thread</a> <a href="#threads">Other threads</a> <a href="#modules">Modules</a> <a href="#annotations">Annotations</a> !${steps === "" ? "" : `<a href="#why">Why this signature</a> `}<a href="#notes">Processing</a> <a href="#data">Data</a></nav>
</header>
!${crashSummary(processed)}
<section id="stack">!${crashedThread(crashed, processed)}</section>
<section id="threads"><h2>Other threads</h2>!${otherThreads(others)}</section>
<section id="modules"><h2>Modules</h2>
!${modulesTable(recordsOf(dump["modules"]))}
!${unloadedModulesTable(recordsOf(dump["unloaded_modules"]))}</section>
<section id="annotations"><h2>Annotations</h2>
!${raw === undefined ? `<p class="empty">The raw crash is no longer stored.</p>` : annotationsTable(raw)}</section>
!${steps}
<section id="notes"><h2>Processing</h2>!${processing(processed)}!${collection(raw)}</section>
<section id="data"><h2>Data</h2>!${downloads(id, dumps)}!${attached(id, attachments)}</section>
</article>`;
  return layout({ title: signature, main });
}

function crashedThread(crashed: ThreadView | undefined, processed: JsonRecord): string {
  if (crashed === undefined) {
    const status = textOf(processed["mdsw_status_string"]);
    const why =
      status === "" || status === "OK" ? "Nothing tells which thread crashed" : `No stack: ${status}`;
    return html`<h2>Crashing thread</h2><p class="empty">${why}.</p>`;
  }
  return html`<h2>${threadTitle(crashed)} <small>crashed, ${frames(crashed)}</small></h2>
!${stackTable(stackRows(crashed.thread))}
!${registersTable(recordOf(recordOf(processed["json_dump"])["crashing_thread"]))}`;
}

function otherThreads(threads: readonly ThreadView[]): string {
  if (threads.length === 0) return `<p class="empty">There are no others.</p>`;
  let rowsLeft = MOST_ROWS;
  const folded = threads.map((view) => {
    const rows = stackRows(view.thread);
    const isShown = rows.length <= rowsLeft;
    if (isShown) rowsLeft -= rows.length;
    const body = isShown
      ? stackTable(rows)
      : `<p class="empty">Too many to show: see the processed crash.</p>`;
    return html`<details><summary>${threadTitle(view)} <small>${frames(view)}</small></summary>!${body}</details>`;
  });
  return folded.join("");
}

const frames = ({ frameCount }: ThreadView): string =>
  `${grouped(frameCount)} ${frameCount === 1 ? "frame" : "frames"}`;

function processing(processed: JsonRecord): string {
  const notes = textOf(processed["processor_notes"])
    .split("\n")
    .filter((note) => note !== "");
  const walker = textOf(processed["stackwalk_version"]);
  const status = textOf(processed["mdsw_status_string"]);
  return html`<ul class="notes">
!${notes.map((note) => html`<li>${note}</li>`)}
!${status === "" ? "" : html`<li>Stackwalk: ${status}!${walker === "" ? "" : html` (${walker})`}</li>`}
</ul>`;
}

/** What the collector changed or left out; anybody may see it, so that nothing is dropped in silence. */
function collection(raw: JsonRecord | undefined): string {
  const { collector_notes: notes } = recordOf(raw?.["metadata"]);
  if (!Array.isArray(notes) || notes.length === 0) return "";
  return html`<h3>Collection</h3><ul class="notes">!${notes.map((note) => html`<li>${textOf(note)}</li>`)}</ul>`;
}

function attached(id: CrashId, attachments: ReportView["attachments"]): string {
  if (typeof attachments === "number") {
    if (attachments === 0) return "";
    const many = attachments === 1 ? "An attachment" : `${grouped(attachments)} attachments`;
    return html`<p class="empty">${many} came with the report; to see them needs the permission ‘${permissionTitle("view_rawdump")}’.</p>`;
  }
  if (attachments.length === 0) return "";
  const row = ({ name, fileName, contentType, bytes }: (typeof attachments)[number]) =>
    html`<tr><th scope="row"><a href="/api/RawCrash/?${query({ crash_id: id, format: "raw", name })}">${fileName}</a></th><td>${contentType}</td><td>${bytes === undefined ? "" : grouped(bytes)}</td></tr>`;
  return html`<h3>Attachments</h3><div class="wide"><table class="attachments">
<thead><tr><th scope="col">File</th><th scope="col">Type</th><th scope="col">Bytes</th></tr></thead>
<tbody>
!${attachments.map(row)}
</tbody>
</table></div>`;
}

function downloads(id: CrashId, dumps: readonly string[]): string {
  const link = (service: string, parameters: Record<string, string>, label: string) =>
    html`<li><a href="/api/${service}/?${query({ crash_id: id, ...parameters })}">${label}</a></li>`;
  return html`<ul class="links">
!${link("ProcessedCrash", { pretty: "print" }, "Processed crash, JSON")}
!${link("RawCrash", { pretty: "print" }, "Raw crash, JSON")}
!${dumps.map((name) => link("RawCrash", { format: "raw", name }, name === MAIN_DUMP ? "Minidump" : `Dump ${name}`))}
</ul>`;
}
