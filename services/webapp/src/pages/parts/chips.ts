import { html } from "ghtml";

export interface Choice {
  readonly label: string;
  /** The address of the same page with this choice. */
  readonly href: string;
  readonly isCurrent: boolean;
}

/** A filter as a chip that opens its choices, HTML. Needs no script. */
export function chip(field: string, choices: readonly Choice[], isDefault: boolean): string {
  const current = choices.find(({ isCurrent }) => isCurrent)?.label ?? "any";
  return html`<details class="chip!${isDefault ? "" : " set"}"><summary><span class="quiet">${field}</span> ${current}</summary><div class="choices">
!${choices.map(({ label, href, isCurrent }) => html`<a href="${href}"!${isCurrent ? ` aria-current="true"` : ""}>${label}</a>`)}
</div></details>`;
}
