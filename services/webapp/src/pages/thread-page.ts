import type { CrashId } from "@mayday/crash";
import { html } from "ghtml";
import { query } from "./format.ts";
import { layout } from "./layout.ts";
import type { PageLinks } from "./page-links.ts";
import { stackRows } from "./stack-rows.ts";
import { stackTable } from "./stack-table.ts";
import { type ThreadView, threadTitle } from "./threads.ts";

/** Rows of a thread that are shown: a damaged dump may have any number of frames. */
const MOST_ROWS = 20_000;

const idOf = ({ index }: ThreadView): string => `thread-${index ?? "x"}`;

/** The place of a thread's stack that comes when it is opened: without scripts a link leads to it, HTML. */
export function threadPlace(id: CrashId, thread: ThreadView): string {
  const path = `/report/thread/${id}?${query({ thread: String(thread.index ?? "") })}`;
  return html`<div id="${idOf(thread)}" data-fragment="${path}"><p class="waits"><a href="${path}">Show the frames</a></p></div>`;
}

/** A thread of a report on a page of its own. */
export function threadPage(id: CrashId, thread: ThreadView, { sources }: PageLinks): string {
  const rows = stackRows(thread.thread, sources);
  const more = rows.length - MOST_ROWS;
  return layout({
    title: `${threadTitle(thread)} of ${id}`,
    main: html`<article class="report"><header><h1>${threadTitle(thread)} <small>of <a href="/report/index/${id}" class="id">${id}</a></small></h1></header>
<section id="${idOf(thread)}">!${stackTable(rows.slice(0, MOST_ROWS))}!${more > 0 ? html`<p class="empty">${more} more frames: see the processed crash.</p>` : ""}</section></article>`,
  });
}
