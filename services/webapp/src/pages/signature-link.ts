import { html } from "ghtml";
import { query } from "./format.ts";

/** A link to the crashes of a signature, HTML. */
export function signatureLink(signature: string, label = signature || "(no signature)"): string {
  return html`<a href="/signature/?${query({ signature })}">${label}</a>`;
}
