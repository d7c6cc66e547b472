import { type FieldName, type SearchResult, termsOf } from "@mayday/search";
import { html } from "ghtml";
import { crashTable } from "./crash-table.ts";
import { grouped } from "./format.ts";
import { layout } from "./layout.ts";
import { shareTable } from "./share-table.ts";

export interface SignatureView {
  readonly signature: string;
  /** How far back was searched. */
  readonly days: number;
  readonly result: SearchResult;
}

/** What the crashes of a signature are broken down by. */
export const signatureFacets = [
  "version",
  "platform",
  "process_type",
  "reason",
] as const satisfies readonly FieldName[];

const headings: Readonly<Record<(typeof signatureFacets)[number], string>> = {
  version: "Version",
  platform: "Platform",
  process_type: "Process",
  reason: "Reason",
};

/** The crashes of one signature. */
export function signaturePage({ signature, days, result }: SignatureView): string {
  const { hits, total } = result;
  const breakdown = signatureFacets.map((field) =>
    shareTable(headings[field], termsOf(result, field), total),
  );
  const counted = html`${grouped(total)} ${total === 1 ? "crash" : "crashes"} in the last ${days} days`;
  const shown = hits.length < total ? html`, the newest ${hits.length} are shown` : "";
  return layout({
    title: signature,
    main: html`<article class="report">
<header><h1 class="signature">${signature || "(no signature)"}</h1><p class="under">!${counted}!${shown}</p></header>
!${total === 0 ? "" : html`<section class="breakdown">!${breakdown}</section><section>!${crashTable(hits, "uuid")}</section>`}
</article>`,
  });
}
