import type { AsRead, ProcessedCrash, ProcessingRun } from "@mayday/crash";
import { html } from "ghtml";
import { moment } from "./format.ts";
import { breakable } from "./parts/signature-text.ts";
import { recordsOf, textOf } from "./stored-json.ts";

const MOST_SHOWN = 10;

/** Why a crash was processed, in words. */
const reasons: Readonly<Record<string, string>> = {
  live: "received",
  symbols: "healed by symbols",
  bulk: "in bulk",
  "by hand": "asked for by hand",
};

/** Each processing of a crash, the newest first, with what its signature became, HTML; empty where nothing is stored. */
export function processings(processed: AsRead<ProcessedCrash>): string {
  const runs = recordsOf(processed["processing_history"]);
  if (runs.length === 0) return "";
  const row = (run: AsRead<ProcessingRun>, index: number) => {
    const before = runs[index + 1];
    const [signature, was] = [textOf(run["signature"]), textOf(before?.["signature"])];
    const why = textOf(run["why"]);
    const change =
      before === undefined || signature === was
        ? ""
        : html`<dl class="change"><div><dt>before</dt><dd class="sig quiet">!${breakable(was)}</dd></div><div><dt>after</dt><dd class="sig">!${breakable(signature)}</dd></div></dl>`;
    return html`<li!${why === "symbols" ? ` class="healed"` : ""}><b>${moment(textOf(run["when"]))}</b> ${Object.hasOwn(reasons, why) ? reasons[why] : why}!${change}</li>`;
  };
  const title = runs.length === 1 ? "Processed once" : `Processed ${runs.length} times`;
  return html`<section id="history"><h2>${title}</h2><ul class="runs">!${runs.slice(0, MOST_SHOWN).map(row)}</ul></section>`;
}
