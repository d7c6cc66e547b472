import type { SourceLocation } from "@mayday/symbols";
import { html } from "ghtml";
import { foldRuns, type Piece } from "../view/fold-runs.ts";
import { functionName } from "../view/function-name.ts";
import { rowKey } from "../view/thread-groups.ts";
import { breakable } from "./parts/signature-text.ts";
import type { StackRow } from "./stack-rows.ts";

/**
 * A stack as a table, HTML. Runs that recur are folded.
 * @param signature whose functions are marked
 */
export function stackTable(rows: readonly StackRow[], signature = ""): string {
  if (rows.length === 0) return `<p class="empty">No frames.</p>`;
  const makes = new Set(signature.split(" | "));
  return html`<div class="wide"><table class="stack">
<thead><tr><th scope="col" class="number">Frame</th><th scope="col">Function</th><th scope="col">Module</th><th scope="col">Source</th><th scope="col">Trust</th></tr></thead>
<tbody>
!${foldRuns(rows, rowKey).map((piece) => pieceRows(piece, makes))}</tbody>
</table></div>`;
}

function pieceRows(piece: Piece<StackRow>, makes: ReadonlySet<string>): string {
  if (piece.kind === "items") return tableRows(piece.items, makes);
  const { items, period, times } = piece;
  const once = items.slice(0, period);
  const names = once.map((row) => (row.kind === "gap" ? "…" : row.name.replace(/\(.*$/, "")));
  const numbers = items.flatMap((row) => (row.kind === "call" ? [row.frame] : []));
  return html`!${tableRows(once, makes)}<tr class="fold"><td class="number">${numbers[0]}–${numbers.at(-1)}</td><td colspan="4"><details><summary>${items.length} frames recur: ${times} × (${names.join(" → ")})</summary><table class="stack"><tbody>!${tableRows(items.slice(period), makes)}</tbody></table></details></td></tr>
`;
}

function tableRows(rows: readonly StackRow[], makes: ReadonlySet<string>): string {
  return rows.map((row, index) => tableRow(row, rows[index - 1], makes)).join("");
}

function tableRow(row: StackRow, before: StackRow | undefined, makes: ReadonlySet<string>): string {
  if (row.kind === "gap") return html`<tr class="gap"><td colspan="5">${row.message}</td></tr>`;
  const isInlined = row.trust === "inlined";
  const isWithin = before?.kind === "call" && before.trust === "inlined" && before.frame === row.frame;
  const kind = [
    isInlined ? "inlined" : row.hasSymbols ? "frame" : "frame bare",
    isWithin ? " within" : "",
    makesSignature(row.name, row.module, makes) ? " makes" : "",
  ].join("");
  return html`<tr class="${kind}"><td class="number">${isInlined && isWithin ? "" : isWithin ? "" : row.frame}</td><td class="function" title="${row.place}">!${name(row)}</td><td class="module">!${isInlined ? "" : moduleOf(row)}</td><td class="source">!${source(row.source)}</td><td class="trust">!${trust(row.trust)}</td></tr>
`;
}

/** Whether the signature has the function's name, as it stands there: without arguments. */
function makesSignature(called: string, module: string, makes: ReadonlySet<string>): boolean {
  const bare = called.replace(/\s*\(.*$/, "").replace(/^(static|virtual|void|bool|int)\s+/g, "");
  return makes.has(called) || makes.has(bare) || (called.startsWith(`${module} +`) && makes.has(module));
}

function name({ name: text, hasSymbols }: Extract<StackRow, { kind: "call" }>): string {
  if (!hasSymbols) return html`<b>!${breakable(text)}</b>`;
  const { before, own, behind } = functionName(text);
  return html`!${breakable(before)}<b>!${breakable(own)}</b>!${breakable(behind)}`;
}

function moduleOf({ module, hasSymbols }: Extract<StackRow, { kind: "call" }>): string {
  if (hasSymbols || module === "") return html`${module}`;
  return html`<span class="nosymbols">${module}</span> <small>no symbols</small>`;
}

/** How sure a frame is: what was found by the stack's own rules is, what was guessed from its bytes is not. */
const trusts: Readonly<Record<string, readonly [dot: string, says: string, why: string]>> = {
  context: ["dot", "exact", "the processor's own registers at the crash"],
  cfi: ["dot", "cfi", "the compiler's rules for unwinding say so"],
  frame_pointer: ["dot half", "frame pointer", "the chain of frame pointers says so"],
  scan: ["dot guess", "scan", "a guess: a word on the stack that may be a return address"],
  cfi_scan: ["dot half", "cfi scan", "found by scanning, confirmed by the rules for unwinding"],
  prewalked: ["dot", "prewalked", "the client walked it itself"],
};

function trust(found: string): string {
  const known = Object.hasOwn(trusts, found) ? trusts[found] : undefined;
  if (known === undefined) return html`${found}`;
  const [dot, says, why] = known;
  return html`<span title="${why}"><span class="${dot}"></span>${says}</span>`;
}

function source(location: SourceLocation | undefined): string {
  if (location === undefined) return "";
  const { folder, file, href } = location;
  const shown = html`<span class="folder">${folder}</span><wbr><span class="file">${file}</span>`;
  return href === undefined ? shown : html`<a href="${href}" rel="noreferrer">!${shown}</a>`;
}
