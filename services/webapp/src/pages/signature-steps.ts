import { html } from "ghtml";
import { type JsonRecord, recordOf, recordsOf, textOf } from "./stored-json.ts";

/**
 * Why the signature reads as it does, step by step, HTML; empty when nothing is stored about it.
 * @param stored the processed crash's `signature_steps`
 * @param debug its `signature_debug`: a text, or in documents of earlier versions the steps as JSON text
 */
export function signatureSteps(stored: unknown, debug: string): string {
  const steps = Array.isArray(stored) ? recordsOf(stored) : parse(debug);
  if (debug === "" && steps === undefined) return "";
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
      return html`!${where(step)}: !${name} is a sentinel: the walk starts here. !${line(step["by"])}`;
    case "taken":
      return step["by"] === undefined
        ? html`!${where(step)}: !${name} is taken, and ends the signature.!${made(step)}`
        : html`!${where(step)}: !${name} is taken as a prefix: the walk goes on. !${line(step["by"])}!${made(step)}`;
    case "skipped":
      return html`!${where(step)}: !${name} is skipped: ${skipped(text("why"))}. !${line(step["by"])}!${made(step)}`;
    case "fallback":
      return html`!${where(step)}: no frame was taken, so !${name} is the signature.`;
    case "switch":
      return html`The switch ${text("name")} is on: !${change(step)}.`;
    case "rule":
      return html`Rule ${text("rule")}!${text("why") === "" ? "" : html` (${text("why")})`}: !${change(step)}.`;
    default:
      return html`<code>${textOf(step)}</code>`;
  }
}

function where(step: JsonRecord): string {
  const { frame, inline } = recordOf(step["at"]);
  const inlined = inline === undefined ? "" : html`, inlined call ${textOf(inline)}`;
  return html`Frame ${textOf(frame)}!${inlined}`;
}

function change(step: JsonRecord): string {
  const [before, after] = [textOf(step["before"]), textOf(step["after"])];
  if (before === "") return html`the signature becomes <code>${after}</code>`;
  return html`<code>${before}</code> becomes <code>${after}</code>`;
}

/** What a frame's text was made of, where that was more than to take what the frame has. */
function made(step: JsonRecord): string {
  const [source, from] = [textOf(step["source"]), textOf(step["from"])];
  if (source === "" || from === "") return "";
  const numbered = line(step["lineNumber"]);
  return html` <span class="made">${source}: <code>${from}</code>!${numbered === "" ? "" : html`, with its line number !${numbered}`}</span>`;
}

/** The line of a list. */
function line(by: unknown): string {
  const { list, line: number, pattern } = recordOf(by);
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
