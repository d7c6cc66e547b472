import type { FieldName, Hit } from "@mayday/search";
import { html } from "ghtml";
import { crashAddress } from "../view/crash-address.ts";
import { moment } from "./format.ts";

/** The columns that {@link crashTable} shows: a search for it asks for them. */
export const crashColumns = [
  "uuid",
  "date",
  "signature",
  "product",
  "version",
  "platform",
  "reason",
  "process_type",
] as const satisfies readonly FieldName[];

/**
 * Crashes as a table whose rows lead to their reports, HTML.
 * @param label what stands for a crash: its signature, or where all have the same its id
 */
export function crashTable(hits: readonly Hit[], label: "signature" | "uuid" = "signature"): string {
  const heading = label === "signature" ? "Signature" : "Crash";
  return html`<div class="wide"><table class="crashes">
<thead><tr><th scope="col">Date (UTC)</th><th scope="col">${heading}</th><th scope="col">Product</th><th scope="col">Version</th><th scope="col">Platform</th><th scope="col">Process</th><th scope="col">Reason</th></tr></thead>
<tbody>
!${hits.map((hit) => row(hit, label))}</tbody>
</table></div>`;
}

function row(hit: Hit, label: "signature" | "uuid"): string {
  const { uuid, date, product, version, platform, reason, process_type } = hit;
  return html`<tr><td class="date">${moment(String(date ?? ""))}</td><td class="function"><a href="${crashAddress(uuid)}">${hit[label] || "(no signature)"}</a></td><td class="short">${product}</td><td class="short">${version}</td><td class="short">${platform}</td><td class="short">${process_type}</td><td>${reason}</td></tr>
`;
}
