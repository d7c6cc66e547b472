import { html } from "ghtml";

export interface Figure {
  readonly value: string;
  readonly says: string;
  readonly kind?: "worse" | "better";
}

/** Key figures in a line, HTML. */
export function figures(all: readonly Figure[]): string {
  return html`<dl class="figures">!${all.map(({ value, says, kind }) => html`<div><dt>${says}</dt><dd!${kind === undefined ? "" : ` class="${kind}"`}>${value}</dd></div>`)}</dl>`;
}
