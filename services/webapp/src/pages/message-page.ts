import { html } from "ghtml";
import { layout } from "./layout.ts";

/** A page that says one thing: why there is nothing else to see. */
export function messagePage({ title, says }: { readonly title: string; readonly says: string }): string {
  return layout({ title, main: html`<article class="message"><h1>${title}</h1><p>${says}</p></article>` });
}
