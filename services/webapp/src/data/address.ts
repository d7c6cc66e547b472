import type { Query } from "./ask.ts";

/** A page's address with these parameters; those without a value are left out. */
export function address(path: string, parameters: Query): string {
  const given = parameters.filter(([, value]) => value !== "");
  const text = new URLSearchParams(given.map(([name, value]): [string, string] => [name, value])).toString();
  return text === "" ? path : `${path}?${text}`;
}

/** The value of a name; of several the last counts. */
export const lastOf = (parameters: Query, name: string): string | undefined =>
  parameters.findLast(([other]) => other === name)?.[1];

/** The parameters with those of one name replaced, or taken away where there is no value. */
export function replaced(parameters: Query, name: string, ...values: readonly string[]): Query {
  const others = parameters.filter(([other]) => other !== name);
  return [...others, ...values.map((value) => [name, value] as const)];
}
