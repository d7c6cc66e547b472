import type { Trend } from "@mayday/records";
import { html } from "ghtml";
import { grouped } from "../format.ts";
import { badge } from "./badges.ts";

/** What became of a signature's crashes, with the numbers that tell, HTML. */
export function trendMark({ kind, source, day, days, count, expected, high }: Trend): string {
  const whole = (value: number) => grouped(Math.round(value));
  const when = days === 1 ? `on ${day}` : `in the ${days} days to ${day}`;
  const numbers =
    kind === "rising"
      ? `${whole(count)} ${source}s ${when}, where ${whole(expected)} were usual and ${whole(high)} possible by chance`
      : kind === "new"
        ? `${whole(count)} ${source}s ${when}, none before`
        : `no ${source}s ${when}, where ${whole(expected)} were usual`;
  return html`<span class="below">!${badge(kind === "gone" ? "fact" : kind, kind)} ${numbers}</span>`;
}
