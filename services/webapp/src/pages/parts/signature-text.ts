import { html } from "ghtml";
import { query } from "../format.ts";

const SHOWN_FRAMES = 3;

/** A signature's link, HTML: its first frames, the others behind a fold that opens in place. Nothing is cut. */
export function signatureCell(
  signature: string,
  options: { readonly frames?: number; readonly also?: Readonly<Record<string, string>> } = {},
): string {
  if (signature === "")
    return html`<a href="/signature/?${query({ signature, ...options.also })}">(no signature)</a>`;
  const frames = signature.split(" | ");
  const shown = options.frames ?? SHOWN_FRAMES;
  const link = (some: readonly string[]) =>
    html`<a href="/signature/?${query({ signature, ...options.also })}">!${joined(some)}</a>`;
  const more = frames.length - shown;
  if (more <= 0) return link(frames);
  const count = `+ ${more} ${more === 1 ? "frame" : "frames"}`;
  return html`!${link(frames.slice(0, shown))} <details class="more"><summary>${count}</summary><span>!${joined(["", ...frames.slice(shown)])}</span></details>`;
}

/** A signature as a heading, HTML. */
export function signatureHeading(signature: string): string {
  return joined(signature.split(" | "));
}

function joined(frames: readonly string[]): string {
  return frames.map(breakable).join(` <span class="bar-between">|</span> `);
}

/** Code that may be broken where a reader would break it: behind `::`, a comma, an underscore, and `.` or `(` of Java; HTML. */
export function breakable(text: string): string {
  return text
    .split(/(?<=::|,|_|\(|\.(?=[a-z]))/)
    .map((piece) => html`${piece}`)
    .join("<wbr>");
}
