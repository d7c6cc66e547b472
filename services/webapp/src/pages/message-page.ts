import { html } from "ghtml";
import { layout } from "./layout.ts";

export interface Message {
  readonly title: string;
  readonly says: string;
  /** An address where the reader can go on, and what it is called. */
  readonly next?: string;
  readonly nextLabel?: string;
}

/** A page that says one thing: why there is nothing else to see, and what to do. */
export function messagePage({ title, says, next, nextLabel = "Log in" }: Message): string {
  const link = next === undefined ? "" : html`<p><a class="button first" href="${next}">${nextLabel}</a></p>`;
  return layout({
    title,
    main: html`<article class="message"><h1>${title}</h1><p>${says}</p>!${link}</article>`,
  });
}
