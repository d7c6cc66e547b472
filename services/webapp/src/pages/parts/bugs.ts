import { html } from "ghtml";
import { type BugReport, fileBugAddress } from "../../view/bug-report.ts";
import type { PageLinks } from "../page-links.ts";

/** Links of bugs by their numbers, HTML. */
export function bugLinks(bugs: readonly string[], { bug: template }: PageLinks): string {
  return [...new Set(bugs)]
    .sort((a, b) => Number(b) - Number(a))
    .map((bug) => {
      const address = template.replaceAll("{bug}", encodeURIComponent(bug));
      return address === "" ? html`${bug}` : html`<a href="${address}" rel="noreferrer">${bug}</a>`;
    })
    .join(" ");
}

/** Bugs there are, and where to file another, HTML. */
export function bugsSection(
  bugs: readonly string[],
  report: BugReport,
  product: string,
  links: PageLinks,
): string {
  const template = links.fileBug.get(product) ?? links.fileBug.get("*");
  const file =
    template === undefined
      ? ""
      : html`<a class="button small" href="${fileBugAddress(template, report)}" rel="noreferrer">File a bug…</a> `;
  return html`<section id="bugs"><h2>Bugs</h2>!${bugs.length === 0 ? `<p class="empty">None is known for this signature.</p>` : html`<p>!${bugLinks(bugs, links)}</p>`}
<p>!${file}<button type="button" class="small" data-copy="${`${report.title}\n\n${report.description}`}" hidden>Copy for a bug</button></p></section>`;
}
