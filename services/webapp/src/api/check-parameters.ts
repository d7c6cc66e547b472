import { badField } from "./answers.ts";
import type { Answer, Parameter } from "./endpoint.ts";

/** The refusal of a question whose parameters are not as they must be; undefined when they are. */
export function checkParameters(
  params: URLSearchParams,
  parameters: readonly Parameter[],
): Answer | undefined {
  for (const { name, isRequired, isList, must, choices } of parameters) {
    const given = params.getAll(name).filter((value) => value.trim() !== "");
    if (isRequired && given.length === 0) return badField(name, "This field is required.");
    // Of several values of what is no list the first counts.
    const values = isList ? given : given.slice(0, 1);
    if (must !== undefined && !values.every((value) => must.match.test(value)))
      return badField(name, must.says);
    if (choices !== undefined && !values.every((value) => choices.includes(value)))
      return badField(name, `Must be ${choices.map((choice) => `'${choice}'`).join(" or ")}.`);
  }
  return undefined;
}
