import { html } from "ghtml";
import { address } from "../../data/address.ts";
import { exactly, type Query } from "../../data/ask.ts";
import { chosenIn, type FilterChoices, type SimpleFilter, simpleFilters } from "../../data/filter-choices.ts";

/** A field of a form of which one value is chosen. */
export interface Select {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly current: string;
}

/** The selects of the simple filters: each says `any`, or the one value that the filters ask for. */
export function simpleSelects(
  choices: FilterChoices,
  filters: Query,
  of = Object.keys(simpleFilters) as readonly SimpleFilter[],
): Select[] {
  return of.map((name) => {
    const chosen = chosenIn(filters, name);
    const values = new Set([...choices[name], ...(chosen === undefined ? [] : [chosen])]);
    return {
      name,
      label: simpleFilters[name],
      current: chosen === undefined ? "" : exactly(chosen),
      options: [
        { value: "", label: "any" },
        ...[...values].map((value) => ({ value: exactly(value), label: value })),
      ],
    };
  });
}

/**
 * A row of filters, HTML: a form that needs no script.
 * @param parameters the address's own; those that the form does not choose stay as they are
 * @param more HTML of further fields
 */
export function filterForm(
  path: string,
  selects: readonly Select[],
  parameters: Query,
  more: { readonly names: readonly string[]; readonly fields: string } = { names: [], fields: "" },
): string {
  const isChosenHere = ([name]: readonly [string, string]) =>
    more.names.includes(name) ||
    // What no choice says, as a value that shall not be, stays.
    selects.some((one) => one.name === name && (one.current !== "" || !Object.hasOwn(simpleFilters, name)));
  const kept = parameters.filter((one) => !isChosenHere(one));
  const option = ({ value, label }: Select["options"][number], current: string) =>
    html`<option value="${value}"!${value === current ? " selected" : ""}>${label}</option>`;
  const select = ({ name, label, options, current }: Select) =>
    html`<label>${label} <select name="${name}">!${options.map((one) => option(one, current))}</select></label>`;
  return html`<form action="${path}" method="get" class="filters">!${kept.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}!${selects.map(select)}!${more.fields} <button type="submit">Show</button></form>`;
}

/** The filters of a search that are on, as their labels call them. */
export function filtersOn(filters: Query): FilterOn[] {
  const labels: Readonly<Record<string, string>> = simpleFilters;
  return filters.map(([name, value]) => ({ name, label: labels[name] ?? name, value }));
}

/** A filter that is on, and what it is called. */
export interface FilterOn {
  readonly name: string;
  readonly label: string;
  readonly value: string;
  /** Whether the value is no value of the search language, but what somebody looks for. */
  readonly isPlain?: boolean;
}

/** The filters that are on as chips, each with a link that takes it away, HTML; empty where there are none. */
export function filterChips(path: string, on: readonly FilterOn[], parameters: Query): string {
  const one = ({ name, label, value, isPlain = false }: FilterOn) => {
    const without = parameters.filter(([other, its]) => other !== name || its !== value);
    const isNot = !isPlain && value.startsWith("!");
    const says = isPlain ? value : value.replace(/^!?=?/, "");
    return html`<span class="chip on!${isNot ? " not" : ""}"><span class="quiet">${label}</span> !${isNot ? "<b>not</b> " : ""}<bdi>${says}</bdi> <a href="${address(path, without)}" aria-label="remove ${label} ${isNot ? "not " : ""}${says}">×</a></span>`;
  };
  return on.length === 0 ? "" : html`<div class="chips">!${on.map(one)}</div>`;
}
