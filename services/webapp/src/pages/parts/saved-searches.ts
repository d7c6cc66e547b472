import type { SavedSearch } from "@mayday/records";
import type { SearchField } from "@mayday/search";
import { html } from "ghtml";
import { address } from "../../data/address.ts";
import type { Query } from "../../data/ask.ts";
import { LONGEST_NAME, MOST_SHARED, queryToSave, type SavedSearches } from "../../data/saved-searches.ts";
import { usableParameters } from "../../data/search.ts";
import { moment } from "../format.ts";
import { badge } from "./badges.ts";
import { buttonForm, csrfField } from "./form.ts";

const PATH = "/search/";

export interface SavedSearchesView {
  readonly saved: SavedSearches;
  /** The fields the viewer may use, by name. */
  readonly fields: ReadonlyMap<string, SearchField>;
  /** What the search that is shown asks for; undefined where it cannot be read. */
  readonly shown: Query | undefined;
  readonly csrf: string | undefined;
  /** What became of the search that was saved or deleted just now. */
  readonly told: string | undefined;
}

/** The searches that have names, and the form that names the one that is shown, HTML: a fold, open where it tells something. */
export function savedSearchesFold(view: SavedSearchesView): string {
  const { saved, csrf, told } = view;
  const { own, shared } = saved;
  const counts = [
    ...(own === undefined ? [] : [`${own.length} of yours`]),
    `${shared.length} of ${own === undefined ? "everybody" : "others"}`,
  ];
  return html`<details class="saved" id="saved"!${told === undefined ? "" : " open"}><summary>Saved searches <small>${counts.join(", ")}</small></summary>
!${told === undefined ? "" : html`<p class="note good" role="status">${told}</p>`}
!${own === undefined || csrf === undefined ? "" : ownList(own, csrf, view)}
!${shared.length === 0 ? "" : sharedList(shared, view)}
!${own === undefined || csrf === undefined ? login(view) : form(view, csrf)}
</details>`;
}

function ownList(own: readonly SavedSearch[], csrf: string, { fields, shown }: SavedSearchesView): string {
  if (own.length === 0)
    return `<p class="empty">You have none yet. Name the search that is shown and save it: it is listed here and on your account’s page.</p>`;
  const next = address(PATH, shown ?? []);
  const item = (search: SavedSearch) =>
    html`<li>!${link(search, fields)} !${search.isShared ? badge("fact", "seen by everybody") : ""} !${deleteButton(search, csrf, next)}</li>`;
  return html`<h2>Yours</h2><ul class="named">!${byName(own).map(item)}</ul>`;
}

function sharedList(shared: readonly SavedSearch[], { saved, fields }: SavedSearchesView): string {
  const item = (search: SavedSearch) =>
    html`<li>!${link(search, fields)} <span class="quiet">by <bdi>${shownOwner(search)}</bdi></span></li>`;
  const cut = shared.length < MOST_SHARED ? "" : html` <small>the ${MOST_SHARED} saved last</small>`;
  return html`<h2>${saved.own === undefined ? "Everybody’s" : "Shared by others"}!${cut}</h2><ul class="named">!${byName(shared).map(item)}</ul>`;
}

function login({ shown, saved }: SavedSearchesView): string {
  const none = saved.shared.length === 0 ? "Nobody shares one yet. " : "";
  const next = new URLSearchParams({ next: address(PATH, shown ?? []) }).toString();
  return html`<p class="hint">${none}<a href="/login/?${next}">Log in</a> to name the search that is shown and save it.</p>`;
}

function form({ shown }: SavedSearchesView, csrf: string): string {
  if (shown === undefined) return `<p class="hint">A search that cannot be read cannot be saved.</p>`;
  const query = queryToSave(shown);
  if (query === undefined) return `<p class="hint">The search that is shown is too long to be saved.</p>`;
  return html`<form action="/search/saved/" method="post" class="save">!${csrfField(csrf)}<input type="hidden" name="query" value="${query}">
<label for="save-as">Name of the search that is shown</label> <input id="save-as" name="name" type="text" maxlength="${LONGEST_NAME}" required autocomplete="off">
<label><input type="checkbox" name="shared" value="1"> seen by everybody, with your name</label> <button type="submit">Save</button>
<p class="hint">Under a name that you have already, this search takes the other’s place.</p></form>`;
}

/** One's own saved searches as a table, HTML. */
export function ownSearchesTable(
  own: readonly SavedSearch[],
  csrf: string,
  fields: ReadonlyMap<string, SearchField>,
): string {
  if (own.length === 0)
    return `<p class="empty">None yet. Make a <a href="/search/">search</a>, unfold “Saved searches” and give it a name.</p>`;
  const row = (search: SavedSearch) =>
    html`<tr><td class="name">!${link(search, fields)}</td><td>${search.isShared ? "everybody" : "you"}</td><td class="date">${moment(search.saved.toISOString())}</td><td>!${deleteButton(search, csrf, "/profile/")}</td></tr>`;
  return html`<div class="wide"><table><thead><tr><th scope="col">Name</th><th scope="col">Seen by</th><th scope="col">Saved (UTC)</th><th scope="col"><span class="unseen">Action</span></th></tr></thead><tbody>!${byName(own).map(row)}</tbody></table></div>`;
}

/** The link is the search's whole address, as far as the viewer may ask for it. */
function link({ name, query }: SavedSearch, fields: SavedSearchesView["fields"]): string {
  const parameters: Query = [...new URLSearchParams(query)];
  const usable = usableParameters(parameters, fields);
  const rest =
    usable.length === parameters.length ? "" : html` <small>without what you may not search by</small>`;
  return html`<a href="${address(PATH, usable)}"><bdi>${name}</bdi></a>!${rest}`;
}

const deleteButton = ({ id, name }: SavedSearch, csrf: string, next: string): string =>
  buttonForm({
    action: "/search/saved/delete/",
    csrf,
    label: "Delete",
    says: `Delete ${name}`,
    kind: "small bad",
    fields: [
      ["id", id],
      ["next", next],
    ],
  });

/** Whose a search is, without what would make it an address to write to. */
const shownOwner = ({ ownerName }: SavedSearch): string => ownerName.replace(/(?<=.)@.*$/s, "");

const inOrder = new Intl.Collator("en", { numeric: true });
const byName = (searches: readonly SavedSearch[]): SavedSearch[] =>
  searches.toSorted((a, b) => inOrder.compare(a.name, b.name));
