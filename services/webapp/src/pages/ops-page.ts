import type { BulkJob, QueueState, UnprocessedCrash } from "@mayday/queue";
import { html } from "ghtml";
import type { Flow, FlowCount, Latency } from "../data/flow.ts";
import { type Operations, type OpsSpan, opsSpans } from "../data/operations.ts";
import { bulkButtons, share } from "./bulk-job-page.ts";
import { duration, grouped, moment } from "./format.ts";
import { layout } from "./layout.ts";
import { shareBar } from "./parts/bars.ts";
import { buttonForm } from "./parts/form.ts";
import { trend } from "./parts/trend.ts";
import { plotsScript } from "./scripts.ts";

/** What waits in each queue, and how old the oldest may be before somebody should look, s. */
const queueFacts: Readonly<Record<string, readonly [waits: string, goal: number]>> = {
  standard: ["crashes as they come", 120],
  priority: ["crashes somebody waits for", 30],
  reprocessing: ["crashes to be processed again", Number.POSITIVE_INFINITY],
  indexing: ["processed, not yet searchable", 120],
  pings: ["batches of crash pings", 600],
  symcaches: ["symbol files to convert", 3600],
  "missing-symbols": ["modules without symbols, to be counted", 600],
  arrivals: ["symbols that came, whose crashes are to be found", 3600],
  healings: ["what became of crashes whose symbols came", 3600],
};

export interface OpsView {
  /** Undefined when Redis does not answer. */
  readonly found: Operations | undefined;
  readonly span: OpsSpan;
  readonly now: Date;
  readonly csrf: string;
  readonly mayManage: boolean;
  readonly who: string;
}

/** Whether the pipeline is well: its queues now and before, what failed, what runs in bulk. */
export function opsPage({ found, span, now, csrf, mayManage, who }: OpsView): string {
  const at = `${now.toISOString().slice(0, 19).replace("T", " ")} UTC`;
  const spans = Object.keys(opsSpans).map(
    (one) => html`<a href="/ops/?span=${one}"!${one === span ? ` aria-current="true"` : ""}>${one}</a>`,
  );
  const body =
    found === undefined
      ? `<p class="note"><b>Redis does not answer.</b> Reports are collected all the same and are processed once it does.</p>`
      : html`!${needsALook(found)}!${queueTable(found, span)}!${flowTable(found.flow, span)}!${plots(span)}!${failedJobs(found, csrf, mayManage)}!${bulkJobs(found.bulk, csrf, mayManage, who)}`;
  return layout({
    title: "Operations",
    section: "/ops/",
    refreshSeconds: 30,
    scripts: [plotsScript],
    main: html`<article><div class="head"><h1>Operations <small>${at}</small></h1><div class="acts"><span class="switch">!${spans}</span></div></div>
!${body}
<p class="hint">!${mayManage ? `<a href="/ops/board/">Single jobs of every queue</a>. ` : ""}Every service tells its figures at <code>/metrics</code> and its health at <code>/__heartbeat__</code>.</p></article>`,
  });
}

const factsOf = (name: string) =>
  Object.hasOwn(queueFacts, name) ? queueFacts[name]! : (["", Number.POSITIVE_INFINITY] as const);
const isLate = (name: string, { oldestMs }: QueueState): boolean => oldestMs > 1000 * factsOf(name)[1];

function needsALook({ now: { queues } }: Operations): string {
  const late = Object.entries(queues)
    .filter(([name, state]) => isLate(name, state))
    .map(
      ([name, { oldestMs }]) =>
        `${name}: the oldest has waited ${duration(oldestMs / 1000)}, the goal is ${duration(factsOf(name)[1])}.`,
    );
  const failed = Object.values(queues).reduce((sum, state) => sum + state.failed, 0);
  const all = [
    ...late,
    ...(failed === 0
      ? []
      : [
          `${grouped(failed)} ${failed === 1 ? "job has" : "jobs have"} failed for good and ${failed === 1 ? "waits" : "wait"} for somebody to look.`,
        ]),
  ];
  if (all.length === 0)
    return `<p class="note good"><b>All is well.</b> No queue is late, and nothing failed.</p>`;
  return html`<p class="note"><b>${all.length === 1 ? "One thing needs" : `${all.length} things need`} a look.</b> ${all.join(" ")}</p>`;
}

function queueTable({ now, history }: Operations, span: OpsSpan): string {
  const row = ([name, state]: [string, QueueState]) => {
    const points = history.map(({ queues }) => queues[name]?.waiting ?? 0);
    const late = isLate(name, state);
    const label = `${name}, jobs that waited, up to ${grouped(Math.max(0, ...points))}`;
    return html`<tr><td><b>${name}</b></td><td class="quiet">${factsOf(name)[0]}</td><td class="count">${grouped(state.waiting)}</td><td>!${trend(points, { label, isWide: true, isLate: late })}</td><td class="count!${late ? " late" : ""}">${state.oldestMs === 0 ? "–" : duration(state.oldestMs / 1000)}</td><td class="count">${grouped(state.active)}</td><td class="count">${grouped(state.delayed)}</td><td class="count!${state.failed > 0 ? " worse" : " quiet"}">${grouped(state.failed)}</td></tr>`;
  };
  return html`<section><h2>Queues</h2><div class="wide"><table class="queue-table"><thead><tr><th scope="col">Queue</th><th scope="col">What waits there</th><th scope="col" class="count">Waiting</th><th scope="col">${span === "hour" ? "the last hour" : `the last ${span}`}</th><th scope="col" class="count">Oldest</th><th scope="col" class="count">In work</th><th scope="col" class="count">Again later</th><th scope="col" class="count">Failed</th></tr></thead><tbody>!${Object.entries(now.queues).map(row)}</tbody></table></div></section>`;
}

/** What the services counted: from submission to searchable, how reports were answered, what the sweeps repaired. */
function flowTable(flow: Flow, span: OpsSpan): string {
  const row = (what: string, { name, count, points }: FlowCount, total: number) => {
    const label = `${what}, ${name}, up to ${grouped(Math.max(0, ...points))} at a time`;
    const isBad = BAD_OUTCOMES.has(name);
    return html`<tr><td><b>${what}</b></td><td>${name}</td><td class="count!${isBad ? " worse" : ""}">${grouped(count)}</td><td class="count quiet">${total === 0 ? "" : `${((100 * count) / total).toFixed(1)} %`}</td><td>!${trend(points, { label, isWide: true })}</td></tr>`;
  };
  const rows = (what: string, counts: readonly FlowCount[]) => {
    const total = counts.reduce((sum, { count }) => sum + count, 0);
    return counts.map((one, index) => row(index === 0 ? what : "", one, total));
  };
  const all = [
    ...rows("Reports", flow.reports),
    ...rows("Pings", flow.pings),
    ...rows("Processing", flow.processed),
    ...rows("Symbol files for walks", flow.symbols),
    ...rows("Repaired by sweeps", flow.repaired),
  ];
  const within = span === "hour" ? "the last hour" : `the last ${span}`;
  const nothing = flow.searchable === undefined && all.length === 0;
  return html`<section id="flow"><h2>What came through <small>in ${within}</small></h2>
!${nothing ? `<p class="empty">Nothing was counted. Reports that are submitted now show within seconds.</p>` : html`!${searchable(flow.searchable)}!${all.length === 0 ? "" : html`<div class="wide"><table><thead><tr><th scope="col">What</th><th scope="col">Outcome</th><th scope="col" class="count">Number</th><th scope="col" class="count">Share</th><th scope="col">${within}</th></tr></thead><tbody>!${all}</tbody></table></div>`}`}</section>`;
}

/** Outcomes somebody should know of. */
const BAD_OUTCOMES: ReadonlySet<string> = new Set(["failed", "malformed", "aborted", "damaged", "unsaved"]);
const LONGEST_SECONDS = 86_400;

function searchable(latency: Latency | undefined): string {
  if (latency === undefined) return "";
  const within = (seconds: number) =>
    seconds > LONGEST_SECONDS ? "over a day" : seconds < 10 ? `${seconds} s` : duration(seconds);
  const points = latency.points.map((seconds) => Math.min(seconds, LONGEST_SECONDS));
  return html`<p class="under"><span>From submission to searchable: half within <b>${within(latency.p50)}</b>, 95 of 100 within <b>${within(latency.p95)}</b>, 99 within <b>${within(latency.p99)}</b></span> !${trend(points, { label: `seconds until 95 of 100 were searchable, up to ${grouped(Math.max(0, ...points))}` })}</p>`;
}

/** Plots that a script draws; without it the table's small ones stand alone. */
const plots = (span: OpsSpan): string =>
  html`<section class="breakdown plots" data-plots="/ops/history/?span=${span}"><div><h2>Waiting <small>jobs, by queue</small></h2><div class="uplot-place" data-plot="waiting"></div></div><div><h2>Oldest <small>seconds that the oldest job has waited</small></h2><div class="uplot-place" data-plot="oldest"></div></div><div><h2>In work <small>jobs, by queue</small></h2><div class="uplot-place" data-plot="active"></div></div></section>`;

function failedJobs({ setAside, waiting }: Operations, csrf: string, mayManage: boolean): string {
  if (setAside === undefined) {
    return `<section id="failed"><h2>Jobs</h2><p class="empty">Failed jobs and bulk jobs are for who may manage jobs or reprocess crashes. <a href="/login/?next=/ops/">Log in</a></p></section>`;
  }
  const act = (name: string, label: string, fields: readonly (readonly [string, string])[]) =>
    buttonForm({
      action: "/ops/failed/",
      csrf,
      label,
      kind: name === "discard" ? "small bad" : "small",
      fields: [["act", name], ...fields],
    });
  const row = (crash: UnprocessedCrash) =>
    html`<tr><td class="date">${moment(crash.when.toISOString())}</td><td>${crash.queue}</td><td class="id"><a href="/report/index/${crash.crashId}">${crash.crashId}</a></td><td class="count">${crash.attempts}</td><td class="reason">${crash.reason}</td><td class="acts-cell">!${mayManage ? act("retry", "Retry", [["crash_id", crash.crashId]]) + act("discard", "Discard", [["crash_id", crash.crashId]]) : ""}</td></tr>`;
  const table = (rows: readonly UnprocessedCrash[]) =>
    html`<div class="wide"><table><thead><tr><th scope="col">When (UTC)</th><th scope="col">Queue</th><th scope="col">Crash</th><th scope="col" class="count">Tries</th><th scope="col">Reason</th><th scope="col">Action</th></tr></thead><tbody>!${rows.map(row)}</tbody></table></div>`;
  const all = mayManage && setAside.length > 1 ? act("retry", "Retry all", []) : "";
  return html`<section id="failed"><div class="head"><h2>Failed jobs <small>they wait for a decision; nothing is dropped on its own</small></h2><div class="acts">!${all}</div></div>
!${setAside.length === 0 ? `<p class="empty">None failed for good.</p>` : table(setAside)}
!${waiting === undefined || waiting.length === 0 ? "" : html`<h3>Tried again by themselves</h3>!${table(waiting.slice(0, 10))}`}</section>`;
}

function bulkJobs(
  jobs: readonly BulkJob[] | undefined,
  csrf: string,
  mayManage: boolean,
  who: string,
): string {
  if (jobs === undefined) return "";
  const row = (job: BulkJob) =>
    html`<tr><td><a href="/ops/bulk/${job.id}/">${job.what === "" ? "crashes by id" : job.what}</a><span class="below">by ${job.by || "nobody"}!${job.failed > 0 ? html` · <span class="worse">${grouped(job.failed)} failed</span>` : ""}</span></td><td class="count"><b>${share(job)} %</b> of ${grouped(job.total)}</td><td>!${shareBar(job.done / Math.max(job.total, 1), job.state === "paused" ? "share" : "win")}</td><td>${job.state}</td><td class="count">${job.rate} /s</td><td class="acts-cell">!${mayManage || job.by === who ? bulkButtons(job, csrf, "ops") : ""}</td></tr>`;
  return html`<section id="bulk"><h2>Bulk jobs <small>kept for a week when they are over</small></h2>
!${jobs.length === 0 ? `<p class="empty">None. A search’s page, a signature’s, and that of missing symbols start one.</p>` : html`<div class="wide"><table><thead><tr><th scope="col">What is processed again</th><th scope="col" class="count">Done</th><th scope="col">Progress</th><th scope="col">State</th><th scope="col" class="count">At most</th><th scope="col">Action</th></tr></thead><tbody>!${jobs.map(row)}</tbody></table></div>`}</section>`;
}
