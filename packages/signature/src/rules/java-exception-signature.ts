import { isRecord, listOf, recordOf, textOf } from "../crash-data/json-value.ts";
import type { JavaSignature } from "./java-stack-trace-signature.ts";

/**
 * The signature of a Java exception as Android's crash reporter structures it: class and top frame.
 * @param exception `{exception: {values: [{stacktrace: {module, type, frames: [{module, function, filename}]}}]}}`
 */
export function javaExceptionSignature(exception: unknown): JavaSignature {
  const values = recordOf(recordOf(exception)["exception"])["values"];
  const stacktrace = recordOf(listOf(values)[0])["stacktrace"];
  if (!isRecord(stacktrace) || Object.keys(stacktrace).length === 0)
    return {
      signature: "EMPTY: Java exception not in expected format",
      notes: ["JavaExceptionSignatureTool: value not in expected format"],
    };
  const type = typeof stacktrace["type"] === "string" ? stacktrace["type"] : "Unknown";
  const name = dotted(stacktrace["module"], type);
  const frames = listOf(stacktrace["frames"]);
  if (frames.length === 0) return { signature: name, notes: [] };
  return { signature: `${name}: at ${placeOf(recordOf(frames[0]))}`, notes: [] };
}

function placeOf(frame: Readonly<Record<string, unknown>>): string {
  const method = dotted(frame["module"], frame["function"]);
  if (method === "") return "unknown";
  const file = textOf(frame["filename"]);
  return file === undefined ? method : `${method}(${file})`;
}

function dotted(...parts: readonly unknown[]): string {
  return parts.filter((part) => textOf(part) !== undefined).join(".");
}
