/** What ends a line for Python, which cuts stacks so: the separators of ASCII among it. */
const ENDS = "\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029";
const LINE_END = new RegExp(`\\r\\n|[${ENDS}]`);

/**
 * A printed Java exception without what may be personal: its class, and the lines of its own stack. The causes, whose
 * messages are as personal, are left out. Undefined where it does not read as one.
 *
 * It reads `class: message`, where the message may have several lines, then lines that begin with a tab, then
 * `Caused by: …` or `Suppressed: …` with lines of their own.
 */
export function withoutMessages(text: string): string | undefined {
  const lines = text.split(LINE_END).filter((line) => line.trim() !== "");
  const [head = ""] = lines;
  const colon = head.indexOf(":");
  const name = colon < 0 ? head : head.slice(0, colon);
  const stack: string[] = [];
  for (const line of lines.slice(1)) {
    if (/^\s*(?:Caused by|Suppressed):/.test(line)) break;
    if (line.startsWith("\tat ")) stack.push(line);
    // Behind the first line of the stack the message is over.
    else if (stack.length > 0) return undefined;
  }
  return `${name}\n${stack.join("\n")}`;
}
