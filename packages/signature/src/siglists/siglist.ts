import { type LineMatcher, lineMatcher } from "./siglist-line-matcher.ts";
import { StartIndex } from "./start-index.ts";

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

/** A line that cannot be used. */
interface BadSiglistLine {
  readonly line: number;
  readonly why: string;
}

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
  const bad: BadSiglistLine[] = [];
  const rules: (LineMatcher & { readonly line: SiglistLine })[] = [];
  for (const line of lines) {
    const matcher = lineMatcher(line.pattern);
    if (typeof matcher === "string") bad.push({ line: line.line, why: matcher });
    else rules.push({ line, ...matcher });
  }
  if (bad.length > 0) return { bad };
  const index = new StartIndex(rules);
  const list: Siglist = (frame) => {
    let first: SiglistLine | undefined;
    index.visit(frame, ({ line, matches }) => {
      if ((first === undefined || line.line < first.line) && matches(frame)) first = line;
    });
    return first;
  };
  return { list };
}
