import { type CrashId, parseCrashId } from "@mayday/crash";
import { badField } from "./answers.ts";
import type { Answer, Parameter } from "./endpoint.ts";

/** For endpoints about one crash. */
export const crashIdNeeded: Parameter = {
  name: "crash_id",
  says: "The id of a crash, with or without `bp-`, or the address of its report.",
  isRequired: true,
};

/** The crash that a question is about, or the answer when it names none. */
export function crashIdParameter(
  params: URLSearchParams,
): { readonly id: CrashId } | { readonly refusal: Answer } {
  const text = params.get("crash_id") ?? "";
  if (text.trim() === "") return { refusal: badField("crash_id", "This field is required.") };
  const id = parseCrashId(text);
  return id === undefined ? { refusal: badField("crash_id", "Enter a valid crash id.") } : { id };
}
