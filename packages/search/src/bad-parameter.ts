import { MaydayError } from "@mayday/errors";

/** How much of a user's own text an error repeats. */
const SHOWN = 100;

/** A parameter that cannot be read as what it is, before anything is asked of it. */
export class UnreadableParameter extends MaydayError {
  /** The parameter's name. */
  readonly parameter: string;
  /** In a sentence. */
  readonly why: string;

  constructor(parameter: string, why: string) {
    super("SEARCH_BAD_PARAMETER", `${shown(parameter)}: ${why}`);
    this.parameter = parameter;
    this.why = why;
  }
}

/** The error about a parameter's value: `Bad value for parameter <name>: <why>`. */
export function badParameter(name: string, why: string): MaydayError {
  return new MaydayError("SEARCH_BAD_PARAMETER", `Bad value for parameter ${shown(name)}: ${why}`);
}

/** The error about what is no matter of one value. */
export function badSearch(why: string): MaydayError {
  return new MaydayError("SEARCH_BAD_PARAMETER", why);
}

/** The error about a name that is no field's. */
export function unknownField(name: string): MaydayError {
  return new MaydayError("SEARCH_BAD_PARAMETER", `Unknown field '${shown(name)}'`);
}

const shown = (text: string): string => (text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text);
