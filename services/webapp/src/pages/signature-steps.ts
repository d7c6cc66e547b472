import { html } from "ghtml";
import { type JsonRecord, recordOf, recordsOf, textOf } from "./stored-json.ts";

/**
 * Why the signature reads as it does, step by step, HTML; empty when nothing is stored about it.
 * @param debug the processed crash's `signature_debug`: the steps of signature generation as JSON text
 */
export function signatureSteps(debug: string): string {
  if (debug === "") return "";
  const steps = parse(debug);
  const body =
    steps === undefined
      ? html`<pre>${debug}</pre>`
      : html`<ol class="steps">!${steps.map((step) => html`<li>!${sentence(step)}</li>`)}</ol>`;
  return html`<section id="why"><h2>Why this signature</h2>!${body}</section>`;
}

function parse(debug: string): readonly JsonRecord[] | undefined {
  try {
    const steps: unknown = JSON.parse(debug);
    return Array.isArray(steps) ? recordsOf(steps) : undefined;
  } catch {
    return undefined;
  }
}

function sentence(step: JsonRecord): string {
  const text = (name: string) => textOf(step[name]);
  const name = html`<code>${text("name")}</code>`;
  switch (step["kind"]) {
    case "sentinel":
      return html`!${where(step)}: !${name} is a sentinel: the walk starts here. !${line(step)}`;
    case "taken":
      return step["by"] === undefined
        ? html`!${where(step)}: !${name} is taken, and ends the signature.`
        : html`!${where(step)}: !${name} is taken as a prefix: the walk goes on. !${line(step)}`;
    case "skipped":
      return html`!${where(step)}: !${name} is skipped: ${skipped(text("why"))}. !${line(step)}`;
    case "rule":
      return html`Rule ${text("rule")}: <code>${text("before")}</code> becomes <code>${text("after")}</code>.`;
    default:
      return html`<code>${textOf(step)}</code>`;
  }
}

function where(step: JsonRecord): string {
  const { frame, inline } = recordOf(step["at"]);
  const inlined = inline === undefined ? "" : html`, inlined call ${textOf(inline)}`;
  return html`Frame ${textOf(frame)}!${inlined}`;
}

function line(step: JsonRecord): string {
  const { list, line: number, pattern } = recordOf(step["by"]);
  if (list === undefined) return "";
  return html`<span class="by">${textOf(list)} line ${textOf(number)}: <code>${textOf(pattern)}</code></span>`;
}

function skipped(why: string): string {
  switch (why) {
    case "empty":
      return "nothing is known of it";
    case "irrelevant":
      return "it is irrelevant";
    case "repeated":
      return "it repeats the one before";
    default:
      return why;
  }
}
