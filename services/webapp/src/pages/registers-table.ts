import type { AsRead, ThreadJson } from "@mayday/crash";
import { html } from "ghtml";
import { recordOf, recordsOf, textOf } from "./stored-json.ts";

/** The registers at the crash, folded, HTML; empty when they are not there, as for a viewer who may not see them. */
export function registersTable(crashingThread: AsRead<ThreadJson>): string {
  const registers = Object.entries(recordOf(recordsOf(crashingThread["frames"])[0]?.["registers"]));
  if (registers.length === 0) return "";
  const item = ([name, value]: [string, unknown]) =>
    html`<div><dt>${name}</dt><dd>${textOf(value)}</dd></div>`;
  return html`<details><summary>Registers</summary><dl class="registers">!${registers.map(item)}</dl></details>`;
}
