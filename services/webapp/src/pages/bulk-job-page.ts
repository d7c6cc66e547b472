import type { BulkJob } from "@mayday/queue";
import { html } from "ghtml";
import { duration, grouped, moment } from "./format.ts";
import { layout } from "./layout.ts";
import { shareBar } from "./parts/bars.ts";
import { figures } from "./parts/figures.ts";
import { buttonForm, csrfField } from "./parts/form.ts";

export interface BulkJobView {
  readonly job: BulkJob;
  readonly csrf: string;
  readonly maySteer: boolean;
}

const stateWords: Readonly<Record<BulkJob["state"], string>> = {
  counting: "its crashes are being counted",
  counted: "waits to be started",
  running: "running",
  paused: "paused",
  done: "done",
  cancelled: "cancelled",
};

/** How far a bulk job is; it looks again by itself until the job is over. */
export function bulkJobPage({ job, csrf, maySteer }: BulkJobView): string {
  const { id, what, total, done, failed, changed, rate, state, by, createdAt } = job;
  const isOver = state === "done" || state === "cancelled";
  const left = Math.max(0, total - done);
  const search = what.startsWith("search ") ? `/search/?${what.slice("search ".length)}` : undefined;
  return layout({
    title: "Bulk job",
    section: "/ops/",
    ...(isOver ? {} : { refreshSeconds: 2 }),
    main: html`<article><div class="head"><h1>Processing again <small>${stateWords[state]}</small></h1>
<div class="acts">!${maySteer ? bulkButtons(job, csrf) : ""}</div></div>
<p class="under"><span>!${search === undefined ? html`${what}` : html`<a href="${search}">the crashes of a search</a>`}</span><span>by ${by || "nobody"}</span><span>begun ${moment(createdAt.toISOString())} UTC</span><span class="id">${id}</span></p>
<div class="progress" role="status"><p><b>${share(job)} %</b> of ${grouped(total)}</p>!${shareBar(done / Math.max(total, 1), state === "paused" ? "share" : "win")}</div>
!${figures([
      { value: grouped(done), says: "done" },
      {
        value: grouped(left),
        says: isOver || rate === 0 ? "left" : `left, ${duration(left / rate)} at most ${rate} a second`,
      },
      { value: grouped(changed), says: "have another signature now" },
      {
        value: grouped(failed),
        says: "could not be processed",
        ...(failed > 0 ? { kind: "worse" as const } : {}),
      },
    ])}
!${state === "done" ? html`<p class="note good"><b>Done.</b> ${grouped(changed)} of ${grouped(total)} have another signature now.</p>` : ""}
!${maySteer && !isOver ? html`<form action="/ops/bulk/${id}/" method="post" class="inline">!${csrfField(csrf)}<input type="hidden" name="act" value="rate"><label for="rate">Crashes a second</label> <input id="rate" name="rate" type="number" min="0.1" max="1000" step="0.1" value="${rate}"> <button type="submit">Set</button></form>` : ""}
<p class="hint"><a href="/ops/">All jobs and queues</a></p></article>`,
  });
}

/** How much of a job is done, percent. */
export const share = ({ done, total }: BulkJob): number =>
  total === 0 ? 0 : Math.floor((100 * Math.min(done, total)) / total);

/** The buttons that steer a job, HTML. */
export function bulkButtons({ id, state }: BulkJob, csrf: string, back = ""): string {
  const button = (act: string, label: string, kind: "small" | "small bad" = "small") =>
    buttonForm({
      action: `/ops/bulk/${id}/`,
      csrf,
      label,
      kind,
      fields: [
        ["act", act],
        ["back", back],
      ],
    });
  const isOpen = ["counting", "counted", "running", "paused"].includes(state);
  return [
    state === "counted" ? button("start", "Start") : "",
    state === "running" ? button("pause", "Pause") : "",
    state === "paused" ? button("resume", "Resume") : "",
    isOpen ? button("cancel", "Cancel", "small bad") : "",
  ].join("");
}
