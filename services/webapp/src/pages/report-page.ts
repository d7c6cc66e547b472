import {
  type AsRead,
  type CrashId,
  MAIN_DUMP,
  type ProcessedCrash,
  type ProcessedFieldName,
  type RawCrash,
} from "@mayday/crash";
import { html } from "ghtml";
import type { AttachmentView } from "../attachments.ts";
import type { Alike } from "../data/alike.ts";
import { permissionTitle } from "../permissions.ts";
import { bugReport, stackMarkdown, stackText } from "../view/bug-report.ts";
import { threadGroups } from "../view/thread-groups.ts";
import { whatHappened } from "../view/what-happened.ts";
import { annotationsTable } from "./annotations-table.ts";
import { crashSummary } from "./crash-summary.ts";
import { breadcrumbsSection, environmentSection, extensionsSection } from "./environment.ts";
import { duration, grouped, moment, query } from "./format.ts";
import { layout } from "./layout.ts";
import { modulesTable, unloadedModulesTable } from "./modules-table.ts";
import { noLinks, type PageLinks } from "./page-links.ts";
import { shareBar } from "./parts/bars.ts";
import { bugsSection } from "./parts/bugs.ts";
import { buttonForm } from "./parts/form.ts";
import { signatureHeading } from "./parts/signature-text.ts";
import { processings } from "./processings.ts";
import { registersTable } from "./registers-table.ts";
import { fragmentsScript } from "./scripts.ts";
import { signatureSteps } from "./signature-steps.ts";
import { stackRows } from "./stack-rows.ts";
import { stackTable } from "./stack-table.ts";
import { recordOf, recordsOf, textOf } from "./stored-json.ts";
import { threadPlace } from "./thread-page.ts";
import { type ThreadView, threadsOf, threadTitle } from "./threads.ts";

/** A crash as its viewer may see it: both documents are redacted already when the viewer may not see all. */
export interface ReportView {
  readonly id: CrashId;
  readonly processed: AsRead<ProcessedCrash>;
  /** The annotations; undefined when the raw crash is no longer stored. */
  readonly raw: AsRead<RawCrash> | undefined;
  /** Names of the dumps the viewer may download. */
  readonly dumps: readonly string[];
  /** The attachments the viewer may download; how many there are for one who may not. */
  readonly attachments: readonly (AttachmentView & { readonly bytes: number | undefined })[] | number;
  /** Searches for crashes that have something in common with this one. */
  readonly alike?: readonly Alike[];
  /** Document ids of the pings of its dump. */
  readonly pings?: readonly string[];
  /** The forms' token, for who may have it processed again. */
  readonly mayReprocess?: { readonly csrf: string } | undefined;
  /** Bugs filed for its signature. */
  readonly bugs?: readonly string[];
  readonly links?: PageLinks;
  /** Whether it was queued to be processed again just now. */
  readonly wasQueued?: boolean;
}

/** Rows of other threads that the page has: the stacks of further ones come when they are opened. */
const MOST_ROWS = 1_000;
const MOST_NAMES = 12;

/** The page of a processed crash. */
export function reportPage(view: ReportView): string {
  const { id, processed, raw, dumps, attachments, alike = [], pings = [], mayReprocess, wasQueued } = view;
  const { bugs = [], links = noLinks } = view;
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const signature = text("signature") || "(no signature)";
  const dump = recordOf(processed["json_dump"]);
  const { crashed, others } = threadsOf(dump);
  const modules = recordsOf(dump["modules"]);
  const steps = signatureSteps(processed["signature_steps"], text("signature_debug"));
  const tab = (part: string, name: string, count?: number) =>
    html`<a href="#${part}">${name}!${count === undefined ? "" : html` <span class="quiet">${grouped(count)}</span>`}</a>`;
  const main = html`<article class="report">
<header>
<div class="head"><h1 class="signature">!${signatureHeading(signature)}</h1>
<div class="acts"><button type="button" data-copy="${signature}" hidden>Copy signature</button> <a class="button" href="/signature/?${query({ signature })}">Signature page</a>!${mayReprocess === undefined ? "" : buttonForm({ action: "/report/reprocess/", csrf: mayReprocess.csrf, label: "Reprocess", fields: [["crash_id", id]] })}</div></div>
!${wasQueued ? `<p class="note" role="status"><b>Queued.</b> The crash is processed again soon; load the page again to see what came of it.</p>` : ""}
<p class="under"><span class="id">${id}</span> <span class="quiet">!${crashedAt(processed)}</span></p>
<p class="facts">${productLine(processed)}</p>
<nav class="tabs" aria-label="Parts of the report">!${tab("details", "Details")}!${tab("stack", "Crashing thread")}!${tab("threads", "Other threads", others.length)}!${tab("modules", "Modules", modules.length)}!${tab("annotations", "Annotations", raw === undefined ? 0 : Object.keys(raw).length)}!${steps === "" ? "" : tab("why", "Why this signature")}!${tab("notes", "Processing")}!${tab("data", "Raw data")}</nav>
</header>
<div class="columns"><div>
!${happened(processed)}
<section id="stack">!${crashedThread(crashed, processed, signature, links)}</section>
!${misusedMemory(processed, links)}
<section id="threads"><h2>Other threads!${others.length === 0 ? "" : html` <small>${grouped(others.length)}, equal stacks folded into one</small>`}</h2>!${otherThreads(id, others, links)}</section>
<section id="details"><h2>Details</h2>!${crashSummary(processed)}</section>
!${extensionsSection(processed)}
<section id="modules"><h2>Modules</h2>
!${modulesTable(modules)}
!${unloadedModulesTable(recordsOf(dump["unloaded_modules"]))}</section>
<section id="annotations"><h2>Annotations</h2>
!${raw === undefined ? `<p class="empty">The raw crash is no longer stored.</p>` : annotationsTable(raw)}</section>
!${steps}
!${environmentSection(processed)}
!${breadcrumbsSection(processed)}
</div>
<aside class="rail">
!${pingsOfDump(pings)}
!${crashesAlike(alike)}
!${processings(processed)}
!${bugsSection(bugs, bugReport(processed, stackRows(recordOf(crashed?.thread), links.sources), links.home), textOf(processed["product"]), links)}
<section id="notes"><h2>Processing</h2>!${processing(processed)}!${collection(raw)}</section>
<section id="data"><h2>Raw data</h2>!${downloads(id, dumps)}!${attached(id, attachments)}</section>
</aside></div>
</article>`;
  return layout({ title: signature, main, scripts: [fragmentsScript] });
}

function crashedAt(processed: AsRead<ProcessedCrash>): string {
  const at = textOf(processed["client_crash_date"]);
  return at === "" ? "" : html`crashed ${moment(at)} UTC`;
}

/** Product, system and process in one line. */
function productLine(processed: AsRead<ProcessedCrash>): string {
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const uptime = processed["uptime"];
  const installed = processed["install_age"];
  const cores = processed["cpu_count"];
  return [
    `${text("product")} ${text("version")}`.trim(),
    text("release_channel"),
    text("build") && `build ${text("build")}`,
    text("os_pretty_version") || text("os_name"),
    typeof cores === "number" && cores > 0 ? `${text("cpu_arch")}, ${cores} cores` : text("cpu_arch"),
    text("process_type") && `${text("process_type")} process`,
    typeof uptime === "number" && `up ${duration(uptime)}`,
    typeof installed === "number" && `installed ${duration(installed)} ago`,
  ]
    .filter((part) => part !== "" && part !== false)
    .join(" · ");
}

function happened(processed: AsRead<ProcessedCrash>): string {
  const { title, meaning } = whatHappened(processed);
  const text = (name: ProcessedFieldName) => textOf(processed[name]);
  const info = recordOf(recordOf(processed["json_dump"])["crash_info"]);
  const flip = processed["possible_bit_flips_max_confidence"];
  const facts: readonly (readonly [string, string])[] = [
    ["Reason", text("reason")],
    ["Address", text("address")],
    ["Instruction", textOf(info["instruction"])],
    ["MOZ_CRASH", text("moz_crash_reason")],
    ["Memory", memory(processed)],
    ["Bit flip", typeof flip === "number" ? `likely: ${flip} % sure` : ""],
    ["Last error", text("last_error_value")],
    ["Contradictions", text("crash_inconsistencies") === "[]" ? "" : text("crash_inconsistencies")],
  ];
  const shown = facts.filter(([, value]) => value !== "");
  return html`<section class="happened"><h2>${title}</h2><p>${meaning}</p>
!${shown.length === 0 ? "" : html`<dl>!${shown.map(([label, value]) => html`<div><dt>${label}</dt><dd class="sig">${value}</dd></div>`)}</dl>`}</section>`;
}

function memory(processed: AsRead<ProcessedCrash>): string {
  const total = processed["total_physical_memory"];
  const used = processed["system_memory_use_percentage"];
  if (typeof total !== "number") return "";
  const size = `${(total / 2 ** 30).toFixed(1)} GiB`;
  return typeof used === "number" ? `${size}, ${used} % in use${used >= 90 ? ": short" : ""}` : size;
}

function pingsOfDump(pings: readonly string[]): string {
  if (pings.length === 0) return "";
  const links = pings.map((id) => html`<a href="/ping/${id}">${id}</a> `);
  return html`<p>Crash ping of this dump: !${links}</p>`;
}

function crashesAlike(alike: readonly Alike[]): string {
  if (alike.length === 0) return "";
  const largest = Math.max(...alike.map(({ count }) => count), 1);
  return html`<section><h2>Crashes like this <small>last 7 days</small></h2><ul class="counted">
!${alike.map(({ label, href, count }) => html`<li><span class="line"><a href="${href}">${label}</a> <b>${grouped(count)}</b></span>!${shareBar(count / largest)}</li>`)}
</ul></section>`;
}

function crashedThread(
  crashed: ThreadView | undefined,
  processed: AsRead<ProcessedCrash>,
  signature: string,
  { sources }: PageLinks,
): string {
  if (crashed === undefined) {
    const status = textOf(processed["mdsw_status_string"]);
    const why =
      status === "" || status === "OK" ? "Nothing tells which thread crashed" : `No stack: ${status}`;
    const java = textOf(processed["java_stack_trace"]);
    return html`<h2>Crashing thread</h2>!${java === "" ? html`<p class="empty">${why}.</p>` : html`<pre>${java}</pre>`}`;
  }
  const java = textOf(processed["java_stack_trace"]);
  const rows = stackRows(crashed.thread, sources);
  return html`<div class="head"><h2>${threadTitle(crashed)} <small>crashed, ${frames(crashed)}</small></h2><div class="acts"><button type="button" class="small" data-copy="${stackText(rows)}" hidden>Copy stack</button> <button type="button" class="small" data-copy="${stackMarkdown(rows)}" hidden>as Markdown</button></div></div>
!${java === "" ? "" : html`<pre>${java}</pre>`}
!${stackTable(rows, signature)}
!${stackLegend()}
!${registersTable(recordOf(recordOf(processed["json_dump"])["crashing_thread"]))}`;
}

/** What the heap checker knows of the memory that was misused: only viewers who see its addresses see any of it. */
function misusedMemory(processed: AsRead<ProcessedCrash>, { sources }: PageLinks): string {
  const kind = textOf(processed["phc_kind"]);
  if (kind === "") return "";
  const size = processed["phc_usable_size"];
  const facts = [
    kind,
    textOf(processed["phc_base_address"]) && `at ${textOf(processed["phc_base_address"])}`,
    typeof size === "number" && `${grouped(size)} bytes`,
  ];
  const stack = (title: string, field: ProcessedFieldName, addresses: ProcessedFieldName) => {
    const rows = stackRows({ frames: processed[field] }, sources);
    if (rows.length > 0) return html`<h3>${title}</h3>!${stackTable(rows)}`;
    const text = textOf(processed[addresses]);
    return text === "" ? "" : html`<h3>${title}</h3><p class="sig">${text}</p>`;
  };
  return html`<section id="heap"><h2>Heap checker</h2><p>${facts.filter((fact) => fact !== "" && fact !== false).join(" · ")}</p>
!${stack("Allocated by", "phc_alloc_frames", "phc_alloc_stack")}
!${stack("Freed by", "phc_free_frames", "phc_free_stack")}</section>`;
}

const stackLegend = (): string =>
  `<p class="legend"><span>red edge: makes the signature</span><span class="trust"><span class="dot"></span>exact, cfi: certain</span><span class="trust"><span class="dot half"></span>frame pointer: likely</span><span class="trust"><span class="dot guess"></span>scan: a guess</span></p>`;

function otherThreads(id: CrashId, threads: readonly ThreadView[], { sources }: PageLinks): string {
  if (threads.length === 0) return `<p class="empty">There are no others.</p>`;
  let rowsLeft = MOST_ROWS;
  const folded = threadGroups(threads).map(({ threads: equal, rows, path }) => {
    const isShown = rows <= rowsLeft;
    if (isShown) rowsLeft -= rows;
    const [first] = equal;
    const body = isShown ? stackTable(stackRows(first!.thread, sources)) : threadPlace(id, first!);
    const title = equal.length === 1 ? threadTitle(first!) : `${equal.length} threads wait here`;
    return html`<details><summary>${title} <small>${frames(first!)}</small> <span class="path">${path}</span>!${equal.length === 1 ? "" : html`<span class="names">${namesOf(equal)}</span>`}</summary>!${body}</details>`;
  });
  return html`<div class="threads">!${folded}</div>`;
}

function namesOf(threads: readonly ThreadView[]): string {
  const shown = threads.slice(0, MOST_NAMES).map(threadTitle);
  const more = threads.length - shown.length;
  return shown.join(" · ") + (more > 0 ? ` and ${more} more` : "");
}

const frames = ({ frameCount }: ThreadView): string =>
  `${grouped(frameCount)} ${frameCount === 1 ? "frame" : "frames"}`;

function processing(processed: AsRead<ProcessedCrash>): string {
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
function collection(raw: AsRead<RawCrash> | undefined): string {
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
