import { isExactNumber } from "@mayday/crash";

/**
 * An annotation as text: a number with the digits that came. Undefined when it is not there, and for lists and objects,
 * which are nobody's text.
 */
export function annotationText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  return isExactNumber(value) ? value.rawJSON : undefined;
}

/** White space as Python has it, which Socorro's users know: that of JavaScript, the separators of ASCII, and next line. */
const BLANK = "[\\s\\x1c-\\x1f\\x85]";
const ENDS = new RegExp(`^${BLANK}+|${BLANK}+$`, "gu");
const END = new RegExp(`${BLANK}+$`, "u");

export function trimmed(text: string): string {
  return text.replace(ENDS, "");
}

export function rightTrimmed(text: string): string {
  // A pattern that is tried at each blank would take long for many of them.
  let end = text.length;
  while (end > 0 && END.test(text[end - 1]!)) end--;
  return text.slice(0, end);
}
