/** A function's name cut where the eye looks for it: what is before its own name, the name, what is behind. */
export interface FunctionName {
  readonly before: string;
  readonly own: string;
  readonly behind: string;
}

/**
 * Finds a function's own name: behind its namespaces and classes, before its arguments. Brackets of templates and of
 * arguments are counted, so that what stands in them is not mistaken for it; what cannot be read stays whole.
 */
export function functionName(text: string): FunctionName {
  let depth = 0;
  let start = 0;
  let end = text.length;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (depth === 0 && /^operator(?!\w)/.test(text.slice(at, at + 9))) {
      at += operatorLength(text.slice(at)) - 1;
      continue;
    }
    if (character === "<") depth++;
    else if (character === ">" && text[at - 1] !== "-") depth = Math.max(0, depth - 1);
    else if (depth === 0 && character === "(" && !text.startsWith("(anonymous", at)) {
      end = at;
      break;
    } else if (depth === 0 && character === ":" && text[at + 1] === ":") start = at + 2;
    else if (depth === 0 && character === " " && !text.slice(at + 1).startsWith("const")) start = at + 1;
  }
  if (start >= end) return { before: "", own: text, behind: "" };
  return { before: text.slice(0, start), own: text.slice(start, end), behind: text.slice(end) };
}

/** `operator->`, `operator<<`, `operator()`: signs that mean nothing else there. */
function operatorLength(text: string): number {
  return /^operator(\(\)|[^\w\s(]*)/.exec(text)![0].length;
}
