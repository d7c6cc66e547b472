import { html } from "ghtml";
import { type VersionStart, versionLines } from "../../view/version-lines.ts";
import { grouped } from "../format.ts";
import { versionLabels, versionPaths, versionText } from "./version-marks.ts";

const DAY_MS = 86_400_000;
const WIDTH = 1000;
const HEIGHT = 150;
/** A search reaches a year back at most. */
const MOST_DAYS = 366;

/**
 * Counts by day as columns, the last one today, HTML. Drawn on the server: it prints, and needs no script.
 * @param starts of versions, as lines; of too many the first ones
 */
export function columnPlot(
  days: readonly number[],
  today: Date,
  starts: readonly VersionStart[] = [],
): string {
  const lines = versionLines(starts, days.length, today);
  const largest = Math.max(...days, 1);
  const step = WIDTH / days.length;
  const dayOf = (index: number) =>
    new Date(today.getTime() - (days.length - 1 - index) * DAY_MS).toISOString().slice(0, 10);
  const column = (count: number, index: number) => {
    const height = ((HEIGHT - 4) * count) / largest;
    return html`<rect class="column" x="${(index * step + step * 0.08).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step * 0.84).toFixed(1)}" height="${height.toFixed(1)}"><title>${dayOf(index)}: ${grouped(count)}</title></rect>`;
  };
  const label = `crashes a day from ${dayOf(0)} on: ${days.join(", ")}`;
  return html`<p class="hint">up to ${grouped(largest)} a day</p>!${versionLabels(lines)}<svg class="plot" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="line" d="M0 ${String(HEIGHT)}H${String(WIDTH)}M0 ${String(HEIGHT / 2)}H${String(WIDTH)}M0 1H${String(WIDTH)}"/>!${days.map(column)}!${versionPaths(lines, WIDTH, HEIGHT)}</svg>
<p class="axis"><span>${dayOf(0)}</span><span>${dayOf(days.length - 1)}</span></p>!${versionText(lines)}`;
}

/** Buckets of a histogram by day as columns; days without a crash are there, too. HTML. */
export function dayColumns(buckets: readonly { readonly term: unknown; readonly count: number }[]): string {
  const [first, last] = [buckets[0], buckets.at(-1)].map((bucket) =>
    Date.parse(String(bucket?.term).slice(0, 10)),
  );
  if (first === undefined || last === undefined || Number.isNaN(first) || Number.isNaN(last)) return "";
  const days = Math.min(MOST_DAYS, Math.round((last - first) / DAY_MS) + 1);
  const counts = new Map(buckets.map(({ term, count }) => [String(term).slice(0, 10), count]));
  const today = new Date(last);
  const values = Array.from(
    { length: days },
    (_, index) => counts.get(new Date(last - (days - 1 - index) * DAY_MS).toISOString().slice(0, 10)) ?? 0,
  );
  return columnPlot(values, today);
}

/** Counts of values in their order as columns, HTML. */
export function termColumns(terms: readonly { readonly term: unknown; readonly count: number }[]): string {
  if (terms.length === 0) return `<p class="empty">No crash says.</p>`;
  const largest = Math.max(...terms.map(({ count }) => count), 1);
  const step = WIDTH / terms.length;
  const column = ({ term, count }: (typeof terms)[number], index: number) => {
    const height = ((HEIGHT - 4) * count) / largest;
    return html`<rect class="column" x="${(index * step + step * 0.08).toFixed(1)}" y="${(HEIGHT - height).toFixed(1)}" width="${(step * 0.84).toFixed(1)}" height="${height.toFixed(1)}"><title>${String(term)}: ${grouped(count)}</title></rect>`;
  };
  const label = terms.map(({ term, count }) => `${String(term)}: ${count}`).join(", ");
  return html`<p class="hint">up to ${grouped(largest)} each</p><svg class="plot" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="line" d="M0 ${String(HEIGHT)}H${String(WIDTH)}M0 ${String(HEIGHT / 2)}H${String(WIDTH)}M0 1H${String(WIDTH)}"/>!${terms.map(column)}</svg>
<p class="axis"><span>${String(terms[0]!.term)}</span><span>${String(terms.at(-1)!.term)}</span></p>`;
}
