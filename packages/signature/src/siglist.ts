import { boundedMemo } from "./bounded-memo.ts";

export const siglistFiles = [
  "signature_sentinels.txt",
  "irrelevant_signature_re.txt",
  "prefix_signature_re.txt",
  "signatures_with_line_numbers_re.txt",
] as const;

export type SiglistFile = (typeof siglistFiles)[number];

/** A line of a siglist, to name as a reason. */
export interface SiglistLine {
  readonly list: SiglistFile;
  /** Line number in the file, from 1. */
  readonly line: number;
  /** The line's text, trimmed. */
  readonly pattern: string;
}

/** Answers the first line of a list that matches a frame's normalised text. */
export type Siglist = (frame: string) => SiglistLine | undefined;

/** A line that is no regular expression. */
interface BadSiglistLine {
  readonly line: number;
  readonly why: string;
}

/**
 * Only so many characters of a frame are matched (UTF-16 units). The lists are an operator's own, and a pattern
 * such as `a.*b.*c` takes the square of the length: 100 kB would be minutes, this is milliseconds.
 */
const MATCHED_CHARACTERS = 4096;

const MEMO_CAPACITY = 8192;

/** A list's lines that mean something: trimmed, without blank lines and those that start with `#`. */
export function siglistLines(list: SiglistFile, text: string): SiglistLine[] {
  return text
    .split("\n")
    .map((line, index) => ({ list, line: index + 1, pattern: line.trim() }))
    .filter(({ pattern }) => pattern !== "" && !pattern.startsWith("#"));
}

/** A list of literals, each equal to a whole frame. */
export function literalSiglist(lines: readonly SiglistLine[]): Siglist {
  const byText = new Map<string, SiglistLine>();
  for (const line of lines) if (!byText.has(line.pattern)) byText.set(line.pattern, line);
  return (frame) => byText.get(frame);
}

/** A list of regular expressions, each matched at the start of a frame with no anchor at its end. */
export function regexSiglist(
  lines: readonly SiglistLine[],
): { readonly list: Siglist } | { readonly bad: readonly BadSiglistLine[] } {
  const compiled = lines.map((line) => ({ line, regex: compile(line.pattern) }));
  const bad = compiled.flatMap(({ line, regex }) =>
    typeof regex === "string" ? [{ line: line.line, why: regex }] : [],
  );
  if (bad.length > 0) return { bad };
  const rules = compiled as { line: SiglistLine; regex: RegExp }[];
  const firstMatch: Siglist = (frame) => {
    const head = frame.slice(0, MATCHED_CHARACTERS);
    return rules.find(({ regex }) => matchesAtStart(regex, head))?.line;
  };
  return { list: boundedMemo(firstMatch, MEMO_CAPACITY) };
}

function matchesAtStart(sticky: RegExp, text: string): boolean {
  sticky.lastIndex = 0;
  return sticky.test(text);
}

/**
 * Lists are written for Python's `re`. What JavaScript would read as something else is refused, not guessed:
 * without the `u` flag `\A` and `\Z` are the letters, and `{,3}` is four characters. The `u` flag itself is no
 * choice: Mozilla's lists have lines such as `{virtual override thunk}` and `\<name omitted\>`, errors under it.
 */
function compile(pattern: string): RegExp | string {
  const withoutEscapedBackslashes = pattern.replaceAll("\\\\", "");
  if (/\\[AZ]/.test(withoutEscapedBackslashes)) return "\\A and \\Z are not supported, use ^ and $";
  if (/\{,\d+\}/.test(withoutEscapedBackslashes)) return "a repetition needs its lower bound, {0,n}";
  try {
    return new RegExp(pattern, "y");
  } catch (error) {
    return (error as Error).message;
  }
}
