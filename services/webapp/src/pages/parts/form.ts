import { html } from "ghtml";
import { grouped } from "../format.ts";

/** The hidden field that tells our own forms from forged ones, HTML. */
export const csrfField = (token: string): string => html`<input type="hidden" name="_csrf" value="${token}">`;

export interface ButtonForm {
  readonly action: string;
  readonly csrf: string;
  readonly label: string;
  /** The label for who hears the button among others of its kind. */
  readonly says?: string;
  /** What is sent along. */
  readonly fields?: readonly (readonly [name: string, value: string])[];
  readonly kind?: "first" | "small" | "small bad";
}

/** A button that does something, HTML: a form of its own, so that it works without scripts. */
export function buttonForm({ action, csrf, label, says, fields = [], kind }: ButtonForm): string {
  return html`<form action="${action}" method="post" class="act">!${csrfField(csrf)}!${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}<button type="submit"!${kind === undefined ? "" : ` class="${kind}"`}!${says === undefined ? "" : html` aria-label="${says}"`}>${label}</button></form>`;
}

/** The button that has all crashes of a search processed again, HTML. @param search its query string */
export function bulkForm(csrf: string, total: number, search: string, kind?: "small"): string {
  const label = `Reprocess ${total === 1 ? "it" : `all ${grouped(total)}`}`;
  return buttonForm({
    action: "/ops/bulk/",
    csrf,
    label,
    fields: [["query", search]],
    ...(kind && { kind }),
  });
}
