import { html } from "ghtml";

const WIDTH = 100;
const HEIGHT = 24;

export interface TrendOptions {
  /** Whether it got worse beyond chance. */
  readonly isWorse?: boolean;
  /** Whether it is beyond what it should be. */
  readonly isLate?: boolean;
  /** Which of the values a release came out with. */
  readonly releasedAt?: number | undefined;
  readonly isWide?: boolean;
  /** What it shows, for who does not see it. */
  readonly label: string;
}

/** Values over time as a small drawing from zero, each on its own scale, HTML. */
export function trend(
  values: readonly number[],
  { isWorse, isLate, releasedAt, isWide, label }: TrendOptions,
): string {
  if (values.length < 2) return "";
  const largest = Math.max(...values, 1);
  const x = (index: number) => ((index / (values.length - 1)) * WIDTH).toFixed(1);
  const y = (value: number) => (HEIGHT - 1 - (value / largest) * (HEIGHT - 3)).toFixed(1);
  const line = values.map((value, index) => `${index === 0 ? "M" : "L"}${x(index)} ${y(value)}`).join("");
  const release =
    releasedAt === undefined || releasedAt < 0
      ? ""
      : html`<path class="release" d="M${x(releasedAt)} 0V${String(HEIGHT)}"/>`;
  const kind = `trend${isWorse ? " worse" : isLate ? " late" : ""}${isWide ? " wide-trend" : ""}`;
  return html`<svg class="${kind}" viewBox="0 0 ${String(WIDTH)} ${String(HEIGHT)}" preserveAspectRatio="none" role="img" aria-label="${label}"><path class="area" d="${line}L${String(WIDTH)} ${String(HEIGHT)}L0 ${String(HEIGHT)}Z"/><path d="${line}"/>!${release}</svg>`;
}
