import type { AsRead, ModuleJson, UnloadedModuleJson } from "@mayday/crash";
import { html } from "ghtml";
import { grouped } from "./format.ts";
import { textOf } from "./stored-json.ts";

/** More than programs load; a damaged dump may list any number. */
const MOST_SHOWN = 2000;

/** The modules that were loaded, HTML. */
export function modulesTable(modules: readonly AsRead<ModuleJson>[]): string {
  if (modules.length === 0) return `<p class="empty">The dump lists no modules.</p>`;
  return html`<div class="wide"><table class="modules">
<thead><tr><th scope="col">Module</th><th scope="col">Version</th><th scope="col">Debug id</th><th scope="col">Debug file</th><th scope="col">Base – end</th><th scope="col">Symbols</th></tr></thead>
<tbody>
!${modules.slice(0, MOST_SHOWN).map(moduleRow)}</tbody>
</table></div>!${leftOut(modules)}`;
}

/** The modules that had been loaded and were no more, HTML; empty when there are none. */
export function unloadedModulesTable(modules: readonly AsRead<UnloadedModuleJson>[]): string {
  if (modules.length === 0) return "";
  const row = (module: AsRead<UnloadedModuleJson>) =>
    html`<tr><td>${textOf(module["filename"])}</td><td class="hex">${textOf(module["code_id"])}</td><td class="hex">${range(module)}</td></tr>`;
  return html`<h3>Unloaded modules</h3>
<div class="wide"><table class="modules">
<thead><tr><th scope="col">Module</th><th scope="col">Code id</th><th scope="col">Base – end</th></tr></thead>
<tbody>!${modules.slice(0, MOST_SHOWN).map(row)}</tbody>
</table></div>!${leftOut(modules)}`;
}

function moduleRow(module: AsRead<ModuleJson>): string {
  const [state, says] = symbolsState(module);
  return html`<tr><td>!${fileName(module)}</td><td>${textOf(module["version"])}</td><td class="hex">${textOf(module["debug_id"])}</td><td>${textOf(module["debug_file"])}</td><td class="hex">${range(module)}</td><td class="symbols ${state}">${says}</td></tr>
`;
}

function fileName(module: AsRead<ModuleJson>): string {
  const name = textOf(module["filename"]);
  const url = textOf(module["symbol_url"]);
  return /^https?:\/\//.test(url) ? html`<a href="${url}" rel="noreferrer">${name}</a>` : html`${name}`;
}

/** Symbols are fetched for modules that a walk meets; the others are never asked for. */
function symbolsState(module: AsRead<ModuleJson>): readonly [state: string, says: string] {
  if (module["corrupt_symbols"] === true) return ["corrupt", "corrupt"];
  if (module["missing_symbols"] === true) return ["missing", "missing"];
  if (module["loaded_symbols"] === true) return ["loaded", "loaded"];
  return ["unneeded", "not needed"];
}

const range = (module: AsRead<ModuleJson>): string =>
  `${textOf(module["base_addr"])} – ${textOf(module["end_addr"])}`;

function leftOut(modules: readonly unknown[]): string {
  const more = modules.length - MOST_SHOWN;
  return more <= 0 ? "" : html`<p class="empty">${grouped(more)} more in the processed crash.</p>`;
}
