import { MaydayError } from "@mayday/crash";

/** How much of a user's own text an error repeats. */
const SHOWN = 100;

/** The error about a parameter's value: `Bad value for parameter <name>: <why>`. */
export function badParameter(name: string, why: string): MaydayError {
  return new MaydayError("SEARCH_BAD_PARAMETER", `Bad value for parameter ${shown(name)}: ${why}`);
}

/** The error about a column that is no field. */
export function unknownField(name: string): MaydayError {
  return new MaydayError("SEARCH_BAD_PARAMETER", `Unknown field '${shown(name)}'`);
}

const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
