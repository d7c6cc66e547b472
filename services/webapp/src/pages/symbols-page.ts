import { missingModuleIn } from "@mayday/crash";
import type { HealingEffect, UploadDetail } from "@mayday/records";
import { html } from "ghtml";
import { address } from "../data/address.ts";
import type { Query } from "../data/ask.ts";
import {
  type MissedModule,
  type MissingSymbols,
  type MissingSymbolsQuery,
  TREND_DAYS,
} from "../data/missing-symbols.ts";
import { grouped, moment } from "./format.ts";
import { layout } from "./layout.ts";
import { badge } from "./parts/badges.ts";
import { shareBar } from "./parts/bars.ts";
import { type Figure, figures } from "./parts/figures.ts";
import { type FilterOn, filterChips, filterForm, filtersOn, simpleSelects } from "./parts/filters.ts";
import { bulkForm } from "./parts/form.ts";
import { breakable, signatureCell } from "./parts/signature-text.ts";
import { trend } from "./parts/trend.ts";

/** An upload as the page lists it. */
export interface UploadLine extends UploadDetail {
  readonly created: Date;
  readonly isComplete: boolean;
  /** Who uploaded, for who may know. */
  readonly by: string | undefined;
}

export interface SymbolsView {
  readonly query: MissingSymbolsQuery;
  readonly missing: MissingSymbols;
  /** The address's own parameters. */
  readonly parameters: Query;
  /** The newest uploads. */
  readonly uploads: readonly UploadLine[];
  /** The forms' token, for who may have crashes processed again. */
  readonly mayReprocess?: { readonly csrf: string } | undefined;
}

/** Which modules' symbols would make most crashes readable. */
export function symbolsPage(view: SymbolsView): string {
  const { query, missing, parameters } = view;
  const { modules, isCut, total, choices } = missing;
  const selects = simpleSelects(choices, query.filters, ["product", "version", "platform"]);
  return layout({
    title: "Symbols",
    section: "/symbols/",
    main: html`<article><div class="head"><h1>Symbols <small>why can I not read these stacks?</small></h1><div class="acts"><a class="button first" href="#upload">Upload symbols</a></div></div>
!${figures([
      {
        value: `${grouped(modules.length)}${isCut ? " or more" : ""}`,
        says: `modules miss symbols, last ${query.days} days`,
      },
      { value: grouped(modules[0]?.count ?? 0), says: "crashes have the one on top" },
      { value: grouped(total), says: "crashes in all" },
      ...healedFigure(view.uploads),
    ])}
<h2>Missing modules <small>by the crashes that missed them</small></h2>
!${filterForm("/symbols/", selects, parameters, fileField(query))}
!${filterChips("/symbols/", filtersThatAreOn(query), parameters)}
!${modules.length === 0 ? empty(query) : table(view)}
!${uploadsTable(view.uploads)}
!${howToUpload()}</article>`,
  });
}

/** Where a part of a file's name is looked for. */
const fileField = ({ file }: MissingSymbolsQuery) => ({
  names: ["file"],
  fields: html`<label>File <input name="file" type="text" value="${file ?? ""}" maxlength="200" spellcheck="false" autocomplete="off"></label>`,
});

function filtersThatAreOn({ filters, file }: MissingSymbolsQuery): FilterOn[] {
  const named = file === undefined ? [] : [{ name: "file", label: "File", value: file, isPlain: true }];
  return [...filtersOn(filters), ...named];
}

const empty = ({ days, filters, file }: MissingSymbolsQuery): string =>
  filters.length === 0 && file === undefined
    ? html`<p class="empty">No crash of the last ${days} days missed symbols.</p>`
    : html`<p class="empty">No crash of the last ${days} days that the filters leave missed such symbols. Take a filter away.</p>`;

/** What all uploads that are listed did. */
function healedFigure(uploads: readonly UploadLine[]): Figure[] {
  const healed = uploads.reduce((sum, { healing }) => sum + (healing?.healed ?? 0), 0);
  return healed === 0
    ? []
    : [{ value: grouped(healed), says: "crashes healed by the uploads below", kind: "better" }];
}

const UPLOAD_COLUMNS = 7;

function uploadsTable(uploads: readonly UploadLine[]): string {
  if (uploads.length === 0)
    return html`<section><h2>Uploads</h2><p class="empty">Nothing was uploaded yet.</p></section>`;
  const row = ({
    created,
    isComplete,
    by,
    archive,
    bytes,
    isTry,
    files,
    skipped,
    problems,
    healing,
  }: UploadLine) =>
    html`<tr><td class="date">${moment(created.toISOString())}</td><td class="name">${archive} !${isTry ? badge("fact", "try") : ""}!${by === undefined ? "" : html`<br><small>${by}</small>`}</td><td class="count">${grouped(files)}!${skipped === 0 ? "" : html`<br><small>${grouped(skipped)} there already</small>`}</td><td class="count">${megabytes(bytes)}</td><td class="count!${problems === 0 ? "" : " worse"}">${grouped(problems)}</td><td>!${isComplete ? healed(healing) : "still coming"}</td><td class="waited">!${waited(healing)}</td></tr>!${beforeAndAfter(healing)}`;
  return html`<section><h2>Uploads <small>and what each of them healed</small></h2><div class="wide"><table class="uploads"><thead><tr><th scope="col">When (UTC)</th><th scope="col">Archive</th><th scope="col" class="count">Files</th><th scope="col" class="count">Size</th><th scope="col" class="count">Odd</th><th scope="col">Healed</th><th scope="col">Of those waiting</th></tr></thead><tbody>!${uploads.map(row)}</tbody></table></div></section>`;
}

function healed(healing: UploadLine["healing"]): string {
  if (healing === undefined || healing.asked === 0)
    return html`<small>no crash waited for these files</small>`;
  const { healed: done, changed, effect } = healing;
  return html`<b class="better">healed ${grouped(done)} ${done === 1 ? "crash" : "crashes"}</b>, ${grouped(changed)} ${changed === 1 ? "signature" : "signatures"} changed<br><small>!${namedFrames(effect)}</small>`;
}

/** How many frames of the crashing threads have names, before and after. */
function namedFrames(effect: HealingEffect | undefined): string {
  if (effect === undefined) return "how they could be read before was not noted";
  const share = ({ frames, named }: HealingEffect["before"]) =>
    frames === 0 ? "–" : `${Math.round((100 * named) / frames)} %`;
  return html`frames with a name: ${share(effect.before)} before, <b>${share(effect.after)}</b> after`;
}

function waited(healing: UploadLine["healing"]): string {
  if (healing === undefined || healing.asked === 0) return "";
  const { asked, healed: done, isOver } = healing;
  const rest = asked - done;
  const says = !isOver ? ` so far` : rest > 0 ? `, ${grouped(rest)} not` : "";
  return html`!${shareBar(done / asked, "healed")}<small>of ${grouped(asked)}${says}</small>`;
}

/** Which signatures became others, as a row of its own that opens. */
function beforeAndAfter(healing: UploadLine["healing"]): string {
  const { changes = [] } = healing?.effect ?? {};
  if (healing === undefined || changes.length === 0) return "";
  const rest = healing.changed - changes.reduce((sum, { crashes }) => sum + crashes, 0);
  const row = ({ before, after, crashes }: HealingEffect["changes"][number]) =>
    html`<tr><td class="count"><b>${grouped(crashes)}</b></td><td class="sig quiet">!${breakable(before)}</td><td class="sig">!${signatureCell(after)}</td></tr>`;
  return html`<tr class="fold"><td colspan="${UPLOAD_COLUMNS}"><details><summary>Before and after</summary><table><thead><tr><th scope="col" class="count">Crashes</th><th scope="col">Before</th><th scope="col">After</th></tr></thead><tbody>!${changes.map(row)}</tbody></table>!${rest > 0 ? html`<p class="hint">Of ${grouped(rest)} more crashes the signature changed in other ways, or how was not noted.</p>` : ""}</details></td></tr>`;
}

function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : `${grouped(Math.round(bytes / 1e6))} MB`;
}

/** What to do so that stacks can be read. */
const howToUpload = (): string =>
  html`<section id="upload"><h2>To upload symbols</h2><ol><li>Make a token that may upload: <a href="/api/tokens/">API tokens</a></li><li>Write Breakpad symbols beside your build: <pre>dump_syms target/release/app.pdb -s symbols/</pre></li><li>Send the folder, or a zip of it: <pre>mayday symbols upload symbols/</pre></li></ol><p class="hint">Crashes that missed these files are processed again by themselves, the newest first.</p></section>`;

function table({ missing, query, mayReprocess }: SymbolsView): string {
  const { modules, isCut, total } = missing;
  const largest = modules[0]?.count ?? 1;
  const row = ({ module, count, signatures, trend: days }: MissedModule) => {
    const { file, version, debugId } = missingModuleIn(module);
    const filter: Query = [["missing_symbols", `=${module}`], ...query.filters, ["days", String(query.days)]];
    const crashes = address("/search/", filter);
    const again =
      mayReprocess === undefined
        ? ""
        : bulkForm(mayReprocess.csrf, count, address("", filter).slice(1), "small");
    return html`<tr><td class="sig"><b><a href="${address("/symbols/module/", [["module", module]])}">!${breakable(file)}</a></b> <span class="quiet">${version}</span></td><td class="hex">${debugId}</td><td class="count"><a href="${crashes}">${grouped(count)}</a></td><td class="count">${((100 * count) / Math.max(total, 1)).toFixed(1)} %</td><td>!${shareBar(count / largest)}</td><td>!${trend(days, { label: `crashes a day: ${days.join(", ")}` })}</td><td class="count"><a href="${address("/search/", [...filter, ["_facets", "signature"]])}">${grouped(signatures)}</a></td><td>!${again}</td></tr>`;
  };
  const cut = isCut ? html`<p class="hint">The ${modules.length} that most crashes missed.</p>` : "";
  return html`<div class="wide"><table class="missing"><thead><tr><th scope="col">Module</th><th scope="col">Debug id</th><th scope="col" class="count" aria-sort="descending">Crashes</th><th scope="col" class="count">Of all</th><th scope="col"><span class="unseen">Share</span></th><th scope="col">${TREND_DAYS} days</th><th scope="col" class="count">Signatures</th><th scope="col"><span class="unseen">Action</span></th></tr></thead><tbody>!${modules.map(row)}</tbody></table></div>!${cut}`;
}
