import { type Permission, permissions, permissionTitles } from "@mayday/crash";
import type { SavedSearch, Token } from "@mayday/records";
import type { SearchField } from "@mayday/search";
import { html } from "ghtml";
import type { Viewer } from "../permissions.ts";
import { moment } from "./format.ts";
import { layout } from "./layout.ts";
import { buttonForm, csrfField } from "./parts/form.ts";
import { ownSearchesTable } from "./parts/saved-searches.ts";

export interface LoginView {
  readonly csrf: string;
  /** Where to go afterwards. */
  readonly next: string;
  /** Whether there is a login provider. */
  readonly hasProvider: boolean;
  /** What was wrong with the token that was tried. */
  readonly problem?: string;
}

/** Where one logs in: through the provider, or with a token. */
export function loginPage({ csrf, next, hasProvider, problem }: LoginView): string {
  const provider = html`<p><a class="button first" href="/login/provider/?${new URLSearchParams({ next }).toString()}">Log in</a></p><h2>Or with a token</h2>`;
  return layout({
    title: "Log in",
    section: "/profile/",
    main: html`<article class="message"><h1>Log in</h1>
<p>Crashes can be read without. Who is logged in sees what their permissions allow besides, and may start jobs.</p>
!${problem === undefined ? "" : html`<p class="note" role="alert"><b>That did not work.</b> ${problem}</p>`}
!${hasProvider ? provider : ""}
<form action="/login/" method="post" class="stacked">!${csrfField(csrf)}<input type="hidden" name="next" value="${next}">
<label for="token">Token</label><input id="token" name="token" type="password" autocomplete="current-password" required>
<button type="submit" class="first">Log in with it</button></form>
<p class="hint">The first start printed an administrator's token. <code>mayday tokens create --permissions view_pii</code> makes another.</p></article>`,
  });
}

export interface ProfileView {
  readonly csrf: string;
  /** Undefined for who is not logged in. */
  readonly name: string | undefined;
  readonly viewer: Viewer;
  /** One's saved searches; undefined for who is not logged in. */
  readonly searches: readonly SavedSearch[] | undefined;
  /** The fields the viewer may search by. */
  readonly fields: ReadonlyMap<string, SearchField>;
  /** What became of a saved search just now. */
  readonly told: string | undefined;
}

/** Who one is here, and what one may do. */
export function profilePage({ csrf, name, viewer, searches, fields, told }: ProfileView): string {
  const row = (permission: Permission) =>
    html`<tr><td><code>${permission}</code></td><td>${permissionTitles[permission]}</td><td>!${viewer.has(permission) ? `<b class="better">yes</b>` : `<span class="quiet">no</span>`}</td></tr>`;
  return layout({
    title: "Account",
    section: "/profile/",
    main: html`<article><div class="head"><h1>!${name === undefined ? "Not logged in" : html`${name}`}</h1>
<div class="acts">!${name === undefined ? `<a class="button first" href="/login/">Log in</a>` : html`<a class="button" href="/api/tokens/">API tokens</a>!${buttonForm({ action: "/logout/", csrf, label: "Log out" })}`}</div></div>
!${searches === undefined ? "" : html`<section><h2>Your saved searches</h2>!${told === undefined ? "" : html`<p class="note good" role="status">${told}</p>`}!${ownSearchesTable(searches, csrf, fields)}</section>`}
<section><h2>What you may do here</h2>
<div class="wide"><table><thead><tr><th scope="col">Permission</th><th scope="col">What it allows</th><th scope="col">You</th></tr></thead><tbody>!${permissions.map(row)}</tbody></table></div>
<p class="hint">Permissions come with the token or the group you logged in with, and from what this installation gives everybody. <a href="/documentation/protected_data_access/">Who may see what</a></p></section></article>`,
  });
}

export interface TokensView {
  readonly csrf: string;
  readonly viewer: Viewer;
  readonly tokens: readonly Token[];
  readonly now: Date;
  /** The text of the token that was made just now: it is shown this once. */
  readonly made?: string;
  readonly problem?: string;
}

/** How long a token may be valid, days. */
export const lifetimes = [7, 30, 90, 365] as const;

/** The tokens of who is logged in: made, seen once, revoked. */
export function tokensPage({ csrf, viewer, tokens, now, made, problem }: TokensView): string {
  const box = (permission: Permission) =>
    html`<label><input type="checkbox" name="permission" value="${permission}"> ${permissionTitles[permission]} <code>${permission}</code></label>`;
  const held = permissions.filter((one) => viewer.has(one));
  return layout({
    title: "API tokens",
    section: "/profile/",
    main: html`<article><h1>API tokens</h1>
<p class="facts">Scripts send one in the header <code>Auth-Token</code>. Each can do what you give it and no more.</p>
!${made === undefined ? "" : html`<section class="happened"><h2>Your new token, shown this once</h2><p><code id="new-token">${made}</code> <button type="button" class="small" data-copy="${made}" hidden>Copy</button></p></section>`}
!${problem === undefined ? "" : html`<p class="note" role="alert"><b>No token was made.</b> ${problem}</p>`}
<section><h2>Make one</h2><form action="/api/tokens/" method="post" class="stacked">!${csrfField(csrf)}
<label for="note">What it is for</label><input id="note" name="note" type="text" maxlength="200" required>
<label for="days">Valid for</label><select id="days" name="days">!${lifetimes.map((days) => html`<option value="${days}"!${days === 90 ? " selected" : ""}>${days} days</option>`)}</select>
<fieldset><legend>What it may do</legend>!${held.length === 0 ? `<p class="empty">You have no permissions to give on: the token sees what is public.</p>` : held.map(box)}</fieldset>
<button type="submit" class="first">Make the token</button></form></section>
<section><h2>Yours</h2>!${tokens.length === 0 ? `<p class="empty">None yet.</p>` : tokenTable(tokens, csrf, now)}</section></article>`,
  });
}

function tokenTable(tokens: readonly Token[], csrf: string, now: Date): string {
  const row = (token: Token) =>
    html`<tr><td>${token.note}</td><td><code>${token.permissions.join(", ")}</code></td><td class="date">${moment(token.created.toISOString())}</td><td class="date">${stateOf(token, now)}</td><td>!${isValid(token, now) ? buttonForm({ action: "/api/tokens/revoke/", csrf, label: "Revoke", fields: [["id", token.id]], kind: "small bad" }) : ""}</td></tr>`;
  return html`<div class="wide"><table><thead><tr><th scope="col">For</th><th scope="col">May</th><th scope="col">Made (UTC)</th><th scope="col">State</th><th scope="col">Action</th></tr></thead><tbody>!${tokens.map(row)}</tbody></table></div>`;
}

const isValid = ({ revoked, expires }: Token, now: Date): boolean =>
  revoked === undefined && (expires === undefined || expires > now);

function stateOf(token: Token, now: Date): string {
  if (token.revoked !== undefined) return `revoked ${moment(token.revoked.toISOString())}`;
  if (token.expires === undefined) return "valid for ever";
  return `${isValid(token, now) ? "valid until" : "ended"} ${moment(token.expires.toISOString())}`;
}
