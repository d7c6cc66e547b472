import type { CrashId } from "@mayday/crash";
import { html } from "ghtml";
import { layout } from "./layout.ts";

export interface Waiting {
  readonly id: CrashId;
  /** Whether the queue took the crash, now or a moment ago. */
  readonly queued: boolean;
}

const REFRESH_SECONDS = 5;

/** The page of a report that is stored and not processed yet. It loads itself until the report is there. */
export function waitingPage({ id, queued }: Waiting): string {
  const says = queued
    ? "The report is here and stands at the head of the queue to be processed."
    : "The report is here. The queue does not answer at the moment; the report is processed once it does.";
  return layout({
    title: "Being processed",
    refreshSeconds: REFRESH_SECONDS,
    isWaiting: true,
    main: html`<article class="message">
<h1>Being processed</h1>
<p>${says}</p>
<p>This page looks again every ${REFRESH_SECONDS} seconds.</p>
<p class="id">${id}</p>
</article>`,
  });
}
