import type { FacetTerm, Hit } from "@mayday/search";
import { html } from "ghtml";
import { crashTable } from "./crash-table.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import { shareTable } from "./share-table.ts";
import { signatureLink } from "./signature-link.ts";

/** Jobs by queue and state, as the publisher counts them. */
export type QueueDepths = Readonly<Record<string, Readonly<Record<string, number>>>>;

export interface StartView {
  /** Undefined when the search engine does not answer. */
  readonly crashes:
    | {
        readonly newest: readonly Hit[];
        /** Of the last seven days. */
        readonly topSignatures: readonly FacetTerm[];
        /** Crashes of the last seven days. */
        readonly total: number;
      }
    | undefined;
  /** Undefined when Redis does not answer. */
  readonly queues: QueueDepths | undefined;
  /** Where reports are submitted, without a slash at the end. */
  readonly collectorUrl: string;
}

/** The first page: what came in lately, and how much waits. */
export function startPage({ crashes, queues, collectorUrl }: StartView): string {
  return layout({
    title: "Crashes",
    main: html`<article class="start">
!${crashes === undefined ? unavailable() : lately(crashes, collectorUrl)}
<section id="queues"><h2>Queues</h2>!${queueLine(queues)}</section>
</article>`,
  });
}

const unavailable = (): string =>
  `<section><h1>Newest crashes</h1><p class="empty">The search index does not answer. Reports can be opened by their id.</p></section>`;

function lately(
  { newest, topSignatures, total }: NonNullable<StartView["crashes"]>,
  collectorUrl: string,
): string {
  if (newest.length === 0) return howToSubmit(collectorUrl);
  const top =
    total === 0
      ? `<p class="empty">No crashes in the last 7 days.</p>`
      : shareTable("Signature", topSignatures, total, (signature) => signatureLink(signature));
  return html`<section id="newest"><h1>Newest crashes</h1>!${crashTable(newest)}</section>
<section id="top"><h2>Top signatures <small>last 7 days, ${grouped(total)} ${total === 1 ? "crash" : "crashes"}</small></h2>!${top}</section>`;
}

function howToSubmit(collectorUrl: string): string {
  return html`<section id="empty"><h1>No crashes yet</h1>
<p>Submit a report with a minidump, and it shows up here once it is processed:</p>
<pre>curl -F ProductName=MyProduct -F Version=1.0 -F upload_file_minidump=@crash.dmp ${collectorUrl}/submit</pre>
<p>The collector answers with the crash id. Any client that speaks Breakpad’s or Crashpad’s upload protocol can submit.</p></section>`;
}

function queueLine(queues: QueueDepths | undefined): string {
  if (queues === undefined) {
    return `<p class="empty">The queues do not answer. Reports are collected all the same and are processed later.</p>`;
  }
  const queue = ([name, jobs]: [string, QueueDepths[string]]) => {
    const waiting = (jobs["waiting"] ?? 0) + (jobs["prioritized"] ?? 0) + (jobs["delayed"] ?? 0);
    const failed = jobs["failed"] ?? 0;
    return html`<div><dt>${name}</dt><dd>${grouped(waiting)} waiting, ${grouped(jobs["active"] ?? 0)} in work!${failed === 0 ? "" : html`, <strong>${grouped(failed)} failed</strong>`}</dd></div>`;
  };
  return html`<dl class="queues">!${Object.entries(queues).map(queue)}</dl>`;
}
