import { html } from "ghtml";

const keys = [
  ["/", "goes to the box on top, which opens crash ids and reports’ addresses and searches signatures"],
  ["j", "goes to the next link in a list"],
  ["k", "goes to the one before"],
  ["?", "shows these keys"],
  ["Esc", "closes this list"],
] as const;

/** What keys do on every page, HTML. */
export const keysList = (): string =>
  html`<dl class="keys">!${keys.map(([key, says]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${says}</dd></div>`)}</dl>`;
