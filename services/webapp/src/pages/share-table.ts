import { html } from "ghtml";

/** A table of terms with their share of all, HTML. `link` makes the HTML of a term. */
export function shareTable(
  heading: string,
  terms: readonly { readonly term: string | number | bigint; readonly count: number }[],
  total: number,
  link: (term: string) => string = (term) => html`${term}`,
): string {
  return html`<div class="wide"><table class="shares">
<thead><tr><th scope="col">${heading}</th><th scope="col" class="count">Crashes</th><th scope="col" colspan="2">Share</th></tr></thead>
<tbody>
!${terms.map(({ term, count }) => {
    const percent = total === 0 ? 0 : (100 * count) / total;
    return html`<tr><td class="function">!${link(String(term))}</td><td class="count">${count}</td><td class="count">${percent.toFixed(1)} %</td><td>!${bar(percent)}</td></tr>
`;
  })}</tbody>
</table></div>`;
}

/** The policy of our pages forbids style attributes, so a bar is a drawing. */
function bar(percent: number): string {
  return html`<svg class="bar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true"><rect class="all" width="100" height="8"/><rect class="share" width="${percent.toFixed(2)}" height="8"/></svg>`;
}
