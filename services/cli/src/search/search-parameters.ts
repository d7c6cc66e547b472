import { InvalidArgumentError } from "commander";

/**
 * The parameters of a search: those of a search page's address, and over them those that the command line has as options,
 * `--field=value` or `--field value`.
 * @param without what of the address is left out: names that begin with one of these
 */
export function searchParameters(
  args: readonly string[],
  address: string | undefined,
  without: readonly string[],
): Map<string, string[]> {
  const found = new Map<string, string[]>();
  if (address !== undefined && address !== "") {
    for (const [name, value] of new URL(address).searchParams) {
      if (value === "" || without.some((one) => name.startsWith(one))) continue;
      found.set(name, [...(found.get(name) ?? []), value]);
    }
  }
  const given = new Map<string, string[]>();
  for (let at = 0; at < args.length; at++) {
    const arg = args[at]!;
    if (!arg.startsWith("--")) throw new InvalidArgumentError(`unknown argument ${JSON.stringify(arg)}`);
    const equals = arg.indexOf("=");
    const name = equals === -1 ? arg.slice(2) : arg.slice(2, equals);
    const value = equals === -1 ? args[++at] : arg.slice(equals + 1);
    if (value === undefined) throw new InvalidArgumentError(`--${name} has no value`);
    given.set(name, [...(given.get(name) ?? []), value.replace(/^"(.*)"$/s, "$1")]);
  }
  return new Map([...found, ...given]);
}

/** Each parameter with one pair for each of its values. */
export const asQuery = (params: ReadonlyMap<string, readonly string[]>): URLSearchParams =>
  new URLSearchParams(
    [...params].flatMap(([name, values]) => values.map((value): [string, string] => [name, value])),
  );
