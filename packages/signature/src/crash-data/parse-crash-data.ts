import { MaydayError } from "@mayday/errors";
import { type CrashData, crashDataSchema } from "./crash-data.ts";
import { crashDataOf } from "./crash-data-of.ts";
import { isRecord } from "./json-value.ts";

/** More of them say no more to who mends the document. */
const MOST_PROBLEMS = 3;

/**
 * Checks a document that somebody made: crash data, or a whole processed crash (it has a `json_dump`), of which the
 * crash data is taken.
 * @param name of the document, for errors
 * @throws MaydayError CRASH_DATA_INVALID naming the path of each bad value, as in `threads[0].frames[3].module`
 */
export function parseCrashData(document: unknown, name = "crash data"): CrashData {
  const isProcessed = isRecord(document) && isRecord(document["json_dump"]);
  const value = isProcessed ? crashDataOf(document) : document;
  const { success, error } = crashDataSchema.safeParse(value);
  // The document itself, not the schema's copy of it: generation reads it without trust anyway.
  if (success) return value as CrashData;
  const problems = error.issues.map(({ path, message }) => `${pathText(path)}: ${plain(message)}`);
  const more = problems.length - MOST_PROBLEMS;
  const shown = problems.slice(0, MOST_PROBLEMS).join("; ");
  throw new MaydayError("CRASH_DATA_INVALID", `${name}: ${shown}${more > 0 ? `; ${more} more` : ""}`);
}

function pathText(path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return text === "" ? "the whole" : text.replace(/^\./, "");
}

const plain = (message: string): string => message.replace(/^Invalid input: /, "");
