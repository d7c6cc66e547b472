import { html } from "ghtml";

/** A share as a bar, HTML. @param share from 0 to 1, of the largest in its table */
export function shareBar(share: number, kind = "share"): string {
  const width = (100 * Math.min(1, Math.max(0, share))).toFixed(2);
  return html`<svg class="bar" viewBox="0 0 100 5" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="5"/><rect class="${kind}" width="${width}" height="5"/></svg>`;
}

/** Two shares above each other: this signature's, and that of all crashes, HTML. Both from 0 to 1. */
export function pairedBars(here: number, all: number, standsOut: boolean): string {
  const width = (share: number) => (100 * Math.min(1, Math.max(0, share))).toFixed(2);
  return html`<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><rect class="${standsOut ? "out" : "here"}" width="${width(here)}" height="5"/><rect class="baseline" y="6" width="${width(all)}" height="3"/></svg>`;
}

/** The same two shares on a line from 0 to 1: a dot for here, a tick for all, HTML. */
export function shareDots(here: number, all: number, standsOut: boolean): string {
  const at = (share: number) => (4 + 132 * Math.min(1, Math.max(0, share))).toFixed(1);
  return html`<svg class="dots" width="140" height="14" viewBox="0 0 140 14" aria-hidden="true"><line class="axis" x1="4" x2="136" y1="7" y2="7"/><line class="all" x1="${at(all)}" x2="${at(all)}" y1="2" y2="12"/><circle class="${standsOut ? "out" : "here"}" cx="${at(here)}" cy="7" r="3.5"/></svg>`;
}

/** Platforms, always in this order, by how their names begin. */
const platforms = [
  ["win", "Windows"],
  ["mac", "Mac"],
  ["lin", "Linux"],
  ["and", "Android"],
] as const;

/** The platforms of some crashes as parts of one bar, HTML. */
export function platformBar(counts: readonly { readonly term: string; readonly count: number }[]): string {
  const total = counts.reduce((sum, { count }) => sum + count, 0);
  if (total === 0) return "";
  let at = 0;
  const parts = platforms.map(([kind, name]) => {
    const of = counts.filter(({ term }) => term.startsWith(name)).reduce((sum, { count }) => sum + count, 0);
    const x = at;
    at += (100 * of) / total;
    return html`<rect class="${kind}" x="${x.toFixed(2)}" width="${((100 * of) / total).toFixed(2)}" height="5"/>`;
  });
  const says = counts.map(({ term, count }) => `${term} ${Math.round((100 * count) / total)} %`).join(", ");
  return html`<svg class="bar" viewBox="0 0 100 5" preserveAspectRatio="none" role="img" aria-label="${says}"><rect class="rest" width="100" height="5"/>!${parts}</svg>`;
}

/** What the colours of platforms mean, HTML. */
export const platformLegend = (): string =>
  html`<p class="legend">!${platforms.map(([kind, name]) => html`<span><span class="key ${kind}"></span>${name === "Mac" ? "macOS" : name}</span>`)}</p>`;
