/** A signature longer than this loses the exception's description. In characters. */
const MAX_WITH_DESCRIPTION = 255;

/** What ends a line (of what a trace may hold) for Python's `str.splitlines`, by which Socorro cuts a stack trace. */
const LINE_END = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;

export interface JavaSignature {
  readonly signature: string;
  readonly notes: readonly string[];
}

/**
 * The signature of a Java stack trace: class, description and the top method, from its first two lines.
 * @param trace `class: description`, then `at method(File.java:12)`
 */
export function javaStackTraceSignature(trace: unknown): JavaSignature {
  if (typeof trace !== "string")
    return {
      signature: "EMPTY: Java stack trace not in expected format",
      notes: ["JavaSignatureTool: stack trace not in expected format"],
    };
  const notes: string[] = [];
  const [first = "", second, third] = trace.split(LINE_END, 3);
  const { name, description } = exceptionLine(first.trim(), notes);
  // The end of the trace is no line of its own.
  const method = methodLine(second === "" && third === undefined ? undefined : second?.trim(), notes);
  const whole = join(name, description, method);
  if (characters(whole) <= MAX_WITH_DESCRIPTION) return { signature: whole, notes };
  notes.push("JavaSignatureTool: dropped Java exception description due to length");
  return { signature: `${name}: ${method}`, notes };
}

function exceptionLine(line: string, notes: string[]): { name: string; description: string } {
  const colon = line.indexOf(":");
  if (colon < 0) {
    notes.push("JavaSignatureTool: stack trace line 1 is not in the expected format");
    return { name: line, description: "" };
  }
  // An object's address, as Java prints objects, differs from crash to crash.
  const description = line
    .slice(colon + 1)
    .trim()
    .replace(/@[0-9a-f]{8}/g, "@<addr>");
  return { name: line.slice(0, colon).trim(), description };
}

function methodLine(line: string | undefined, notes: string[]): string {
  if (line === undefined) notes.push("JavaSignatureTool: stack trace line 2 is missing");
  else if (line === "") notes.push("JavaSignatureTool: stack trace line 2 is empty");
  return (line ?? "").replace(/\.java:\d+\)$/, ".java)");
}

function join(name: string, description: string, method: string): string {
  const separator = description.endsWith("<addr>") ? ": " : " ";
  const said = [description, method].filter((part) => part !== "").join(separator);
  return [name, said].filter((part) => part !== "").join(": ");
}

function characters(text: string): number {
  return text.length <= MAX_WITH_DESCRIPTION ? text.length : Array.from(text).length;
}
