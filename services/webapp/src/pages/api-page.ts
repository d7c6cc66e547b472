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
  readonly parameters: readonly ParameterView[];
}

interface ParameterView {
  readonly name: string;
  readonly says: string;
  readonly isRequired?: true;
  readonly choices?: readonly string[];
}

/** Searches have a parameter for each field; so many are shown to be tried. */
const MOST_TRIED = 16;

/** What scripts may ask. */
export function apiPage(endpoints: readonly EndpointView[]): string {
  const row = ({ name, method, says, example }: EndpointView) => {
    const path = `/api/${name}/`;
    const shown = html`<code>${path}</code>`;
    const link =
      method === "GET" && example !== "" ? html`<a href="${path}?${example}">!${shown}</a>` : shown;
    return html`<tr><td>${method}</td><td>!${link}</td><td>${says}</td></tr>`;
  };
  const box = ({ name, says, isRequired, choices }: ParameterView) => {
    const options = choices?.map((choice) => html`<option>${choice}</option>`);
    const input =
      options === undefined
        ? html`<input name="${name}" !${isRequired ? "required" : ""} title="${says}">`
        : html`<select name="${name}" title="${says}">!${options}</select>`;
    return html`<p><label>${name} !${input}</label> <small>${says}</small></p>`;
  };
  const trial = ({ name, says, parameters }: EndpointView) => {
    const tried = parameters.filter((one) => !one.name.includes("<")).slice(0, MOST_TRIED);
    const others = parameters.length - tried.length;
    const more =
      others > 0
        ? html`<p class="hint">and ${others} more: <a href="/api/openapi.json">all of them</a></p>`
        : "";
    return html`<details id="${name}"><summary><code>${name}</code> <small>${says}</small></summary>
<form action="/api/${name}/" method="get">!${tried.map(box)}!${more}<input type="hidden" name="pretty" value="print"><p><button>Ask</button></p></form></details>`;
  };
  const tried = endpoints.filter(({ method, parameters }) => method === "GET" && parameters.length > 0);
  return layout({
    title: "API",
    section: "/api/",
    main: html`<article><h1>API <small>that of Crash Stats: its clients work here unchanged</small></h1>
<p class="facts">Answers are JSON; <code>pretty=print</code> indents them. A token goes into the header <code>Auth-Token</code>; make one with <code>mayday tokens create --permissions view_pii</code>. Without one, scripts see what is public.</p>
<div class="wide"><table><thead><tr><th scope="col">Method</th><th scope="col">Address</th><th scope="col">What it answers</th></tr></thead><tbody>!${endpoints.map(row)}</tbody></table></div>
<h2>Try it</h2>
!${tried.map(trial)}
<p><a href="/api/openapi.json">/api/openapi.json</a> describes all of this for programs (OpenAPI 3.1).</p>
<p class="hint">docs/search.md is the guide to the search language; docs/schema.md names every field, and who may see it.</p></article>`,
  });
}
