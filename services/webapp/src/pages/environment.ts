import type { AsRead, ProcessedCrash } from "@mayday/crash";
import { html } from "ghtml";
import { type JsonRecord, recordOf, recordsOf, textOf } from "./stored-json.ts";

const MOST_SHOWN = 500;
const LONGEST_JSON = 100_000;

/** What the telemetry environment says of extensions' signatures, by its numbers. */
const signedStates: Readonly<Record<string, string>> = {
  "-2": "preliminary",
  "-1": "not signed, not required",
  "0": "unknown",
  "1": "preliminary",
  "2": "signed",
  "3": "system",
  "4": "privileged",
};

/** The extensions, joined with what the telemetry environment knows of them, HTML; empty when there are none. */
export function extensionsSection(processed: AsRead<ProcessedCrash>): string {
  const { addons } = processed;
  if (!Array.isArray(addons) || addons.length === 0) return "";
  const known = recordOf(recordOf(recordOf(processed["telemetry_environment"])["addons"])["activeAddons"]);
  const row = (text: string) => {
    const colon = text.lastIndexOf(":");
    const [id, version] = colon === -1 ? [text, ""] : [text.slice(0, colon), text.slice(colon + 1)];
    const addon = Object.hasOwn(known, id) ? recordOf(known[id]) : {};
    const state = textOf(addon["signedState"]);
    return html`<tr><td class="sig">${decoded(id)}</td><td>${textOf(addon["name"])}</td><td>${version}</td><td>${addon["isSystem"] === true ? "system" : ""}</td><td>${Object.hasOwn(signedStates, state) ? signedStates[state] : state}</td></tr>`;
  };
  return html`<section id="extensions"><h2>Extensions <small>${addons.length}</small></h2><div class="wide"><table><thead><tr><th scope="col">Id</th><th scope="col">Name</th><th scope="col">Version</th><th scope="col">Kind</th><th scope="col">Signature</th></tr></thead><tbody>!${addons.slice(0, MOST_SHOWN).map((one) => row(textOf(one)))}</tbody></table></div></section>`;
}

/** Ids are written percent-encoded. */
function decoded(id: string): string {
  try {
    return decodeURIComponent(id);
  } catch {
    return id;
  }
}

/** The telemetry environment as its JSON, HTML; empty when there is none. */
export function environmentSection(processed: AsRead<ProcessedCrash>): string {
  const environment = processed["telemetry_environment"];
  if (environment === undefined || environment === null) return "";
  const text = JSON.stringify(environment, undefined, 2).slice(0, LONGEST_JSON);
  return html`<section id="environment"><h2>Telemetry environment</h2><details><summary>Show it</summary><pre>${text}</pre></details></section>`;
}

const MOST_BREADCRUMBS = 10;

/** What happened before the crash, the last first, HTML; who may not see it has an empty text. */
export function breadcrumbsSection(processed: AsRead<ProcessedCrash>): string {
  const crumbs = recordsOf(processed["breadcrumbs"]).slice(-MOST_BREADCRUMBS).reverse();
  if (crumbs.length === 0) return "";
  const row = (crumb: JsonRecord) =>
    html`<tr><td class="date">${textOf(crumb["timestamp"])}</td><td>${textOf(crumb["category"])}</td><td>${textOf(crumb["level"])}</td><td>${textOf(crumb["message"])}</td></tr>`;
  return html`<section id="breadcrumbs"><h2>Before the crash</h2><div class="wide"><table><thead><tr><th scope="col">When</th><th scope="col">Category</th><th scope="col">Level</th><th scope="col">What</th></tr></thead><tbody>!${crumbs.map(row)}</tbody></table></div></section>`;
}
