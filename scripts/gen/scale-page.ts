import { readFileSync } from "node:fs";
import { planText } from "../../test/day/plan.ts";

const BEGIN = "<!-- Reckoned from test/day/plan.ts by `npm run gen`. -->";
const END = "<!-- End of what is reckoned. -->";

/** docs/scale.md, with what the queueing model reckons between its marks. */
export function scalePage(): string {
  const page = readFileSync("docs/scale.md", "utf8");
  const from = page.indexOf(BEGIN);
  const to = page.indexOf(END);
  if (from < 0 || to < 0) throw new Error("docs/scale.md lacks the marks between which it is reckoned");
  return `${page.slice(0, from)}${BEGIN}\n\n${planText()}\n\n${page.slice(to)}`;
}
