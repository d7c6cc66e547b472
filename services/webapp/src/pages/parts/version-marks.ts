import { html } from "ghtml";
import { placedLabels, type VersionLine } from "../../view/version-lines.ts";

const ROW = 14;
/** The least width of a plot in a wide window and in a narrow one, px: the style sheet shows the labels of either. */
const widths = [
  ["wide-marks", 640],
  ["narrow-marks", 280],
] as const;

/** The labels above a plot, each with the beginning of its line, HTML. */
export function versionLabels(lines: readonly VersionLine[]): string {
  if (lines.length === 0) return "";
  return widths.map(([kind, width]) => labelsFor(lines, width, kind)).join("");
}

function labelsFor(lines: readonly VersionLine[], width: number, kind: string): string {
  const labels = placedLabels(lines, width);
  const height = ROW * Math.max(1, ...labels.map(({ row }) => row + 1));
  const percent = (x: number) => `${(100 * x).toFixed(2)}%`;
  const label = ({ version, x, row, isLeft }: (typeof labels)[number]) =>
    html`<line x1="${percent(x)}" x2="${percent(x)}" y1="${String(row * ROW)}" y2="${String(height)}"/><text x="${percent(x)}" dx="${isLeft ? "-4" : "4"}" y="${String(row * ROW + 11)}"!${isLeft ? ` text-anchor="end"` : ""}>${version}</text>`;
  return html`<svg class="marks ${kind}" height="${String(height)}" aria-hidden="true">!${labels.map(label)}</svg>`;
}

/** The lines within a plot, SVG. @param width and height of its own coordinates */
export function versionPaths(lines: readonly VersionLine[], width: number, height: number): string {
  return lines
    .map(({ x }) => html`<path class="release" d="M${(x * width).toFixed(1)} 0V${String(height)}"/>`)
    .join("");
}

/** What the lines say, for who sees none, HTML. */
export function versionText(lines: readonly VersionLine[]): string {
  if (lines.length === 0) return "";
  const one = ({ version, at }: VersionLine) =>
    html`<span><b>${version}</b> ${at.toISOString().slice(0, 10)}</span>`;
  return html`<p class="hint marks-text">Dashed: a version’s first build. !${lines.map(one).join(", ")}</p>`;
}
