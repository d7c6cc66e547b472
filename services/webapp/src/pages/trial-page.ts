import { type SiglistFile, type SignatureDiff, siglistFiles } from "@mayday/signature";
import { html } from "ghtml";
import { type ListChanges, MOST_TRIED } from "../data/signature-trial.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import { figures } from "./parts/figures.ts";
import { breakable } from "./parts/signature-text.ts";

export interface TrialView {
  readonly changes: ListChanges;
  /** The search's query string. */
  readonly search: string;
  /** Undefined when nothing was asked yet; else what came of it, or why nothing did. */
  readonly found: SignatureDiff | { readonly problem: string } | undefined;
  readonly mayRun: boolean;
}

const MOST_SHOWN = 200;

/** The lists, and what each is for. */
const lists: Readonly<Record<SiglistFile, string>> = {
  "signature_sentinels.txt": "Sentinels: the walk starts there",
  "irrelevant_signature_re.txt": "Irrelevant: skipped",
  "prefix_signature_re.txt": "Prefixes: taken, and the walk goes on",
  "signatures_with_line_numbers_re.txt": "With line numbers",
};

/** What a change of the lists would do to signatures, tried on stored crashes. */
export function trialPage(view: TrialView): string {
  const { found } = view;
  return layout({
    title: "Signature trial",
    section: "/signatures/trial/",
    main: html`<article><h1>Signature trial <small>what would this change of the lists do?</small></h1>
<p class="facts">Nothing is changed: the signatures of stored crashes are made twice, with the lists in use and with yours. The address holds all, so that it can be shared.</p>
!${view.mayRun ? "" : `<p class="note"><b>Log in to try.</b> It needs the permission to reprocess crashes or to run custom queries. <a href="/login/?next=/signatures/trial/">Log in</a></p>`}
!${form(view)}
!${found === undefined ? "" : "problem" in found ? html`<p class="note" role="alert"><b>That cannot be tried.</b> ${found.problem}</p>` : result(found)}</article>`,
  });
}

function form({ changes, search, mayRun }: TrialView): string {
  const list = (file: SiglistFile, index: number) => {
    const { add = "", drop = "" } = changes.get(file) ?? {};
    const isOpen = add !== "" || drop !== "" || index === 1;
    return html`<details!${isOpen ? " open" : ""}><summary>${lists[file]} <code>${file}</code></summary><div class="pair"><label>Add these lines<textarea name="add.${file}" rows="4" spellcheck="false" class="sig">${add}</textarea></label><label>Take these away<textarea name="drop.${file}" rows="4" spellcheck="false" class="sig">${drop}</textarea></label></div></details>`;
  };
  return html`<form action="/signatures/trial/" method="get" class="stacked trial">
<label for="search">Crashes of this search (what follows the <code>?</code> of its address; the newest ${grouped(MOST_TRIED)})</label>
<input id="search" name="search" type="text" value="${search}" spellcheck="false" placeholder="product=Firefox&amp;signature=~foo">
!${siglistFiles.map(list)}
<button type="submit" class="first"!${mayRun ? "" : " disabled"}>Try it</button></form>`;
}

function result({ crashes, changed, signatures, changes, splits, merges }: SignatureDiff): string {
  const row = ({ from, to, crashes: count, examples }: SignatureDiff["changes"][number]) =>
    html`<tr><td class="count"><b>${grouped(count)}</b></td><td class="sig">!${breakable(from)}</td><td class="sig">!${breakable(to)}</td><td class="id">!${examples.map((id, index) => html`<a href="/report/index/${id}" aria-label="example ${index + 1}: ${id}">${id.slice(0, 8)}</a> `)}</td></tr>`;
  const more = changes.length - MOST_SHOWN;
  return html`<section id="result"><h2>What would change</h2>!${figures([
    { value: grouped(crashes), says: "crashes tried" },
    { value: grouped(changed), says: "would have another signature" },
    { value: grouped(splits.length), says: "signatures would split" },
    { value: grouped(merges.length), says: "signatures would take others in" },
    { value: `${grouped(signatures.before)} → ${grouped(signatures.after)}`, says: "signatures" },
  ])}
!${changes.length === 0 ? `<p class="empty">No signature of these crashes would change.</p>` : html`<div class="wide"><table><thead><tr><th scope="col" class="count">Crashes</th><th scope="col">Now</th><th scope="col">Then</th><th scope="col">Examples</th></tr></thead><tbody>!${changes.slice(0, MOST_SHOWN).map(row)}</tbody></table></div>`}
!${more > 0 ? html`<p class="hint">and ${grouped(more)} more; <code>mayday signature diff</code> prints all.</p>` : ""}</section>`;
}
