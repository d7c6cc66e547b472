import { html } from "ghtml";

export type BadgeKind = "new" | "regressed" | "rising" | "healed" | "fact";

/** A mark in words, HTML. */
export function badge(kind: BadgeKind, text: string): string {
  return html`<span class="badge ${kind}">${text}</span>`;
}
