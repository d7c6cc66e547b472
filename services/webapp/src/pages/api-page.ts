import { html } from "ghtml";
import { layout } from "./layout.ts";

/** An endpoint as its page tells of it. */
export interface EndpointView {
  readonly name: string;
  readonly method: string;
  /** In a sentence. */
  readonly says: string;
  /** An example's query; empty where there is none that can be opened. */
  readonly example: string;
}

/** What scripts may ask. */
export function apiPage(endpoints: readonly EndpointView[]): string {
  const row = ({ name, method, says, example }: EndpointView) => {
    const path = `/api/${name}/`;
    const shown = html`<code>${path}</code>`;
    const link =
      method === "GET" && example !== "" ? html`<a href="${path}?${example}">!${shown}</a>` : shown;
    return html`<tr><td>${method}</td><td>!${link}</td><td>${says}</td></tr>`;
  };
  return layout({
    title: "API",
    section: "/api/",
    main: html`<article><h1>API <small>that of Crash Stats: its clients work here unchanged</small></h1>
<p class="facts">Answers are JSON; <code>pretty=print</code> indents them. A token goes into the header <code>Auth-Token</code>; make one with <code>mayday tokens create --permissions view_pii</code>. Without one, scripts see what is public.</p>
<div class="wide"><table><thead><tr><th scope="col">Method</th><th scope="col">Address</th><th scope="col">What it answers</th></tr></thead><tbody>!${endpoints.map(row)}</tbody></table></div>
<p class="hint">docs/search.md is the guide to the search language; docs/schema.md names every field, and who may see it.</p></article>`,
  });
}
