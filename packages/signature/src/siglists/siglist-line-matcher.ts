import { type RegexCost, regexCost } from "./regex-cost.ts";

/** A line of a list of regular expressions, ready to be held against frames. */
export interface LineMatcher {
  /** What every frame that the line matches begins with; empty when that cannot be told. */
  readonly start: string;
  /** Whether the line matches at the start of a frame that begins with `start`. */
  matches(frame: string): boolean;
}

/** Only so many characters of a frame are matched (UTF-16 units). */
const MOST_CHARACTERS = 4096;
/** A line that may look at less is of no use. */
const FEWEST_CHARACTERS = 64;
/** Log2 of the steps that a line may take for one frame: some 50 ms. */
const MOST_STEPS_LOG2 = 24;

/** Compiles a line. The answer is what is wrong with it when a list cannot have it. */
export function lineMatcher(pattern: string): LineMatcher | string {
  const regex = compile(pattern);
  if (typeof regex === "string") return regex;
  const cost = regexCost(pattern);
  if (typeof cost === "string") return cost;
  const length = matchedCharacters(cost);
  if (length < FEWEST_CHARACTERS) return "it has too many repetitions, alternatives and optional parts";
  const { start, isWhole } = literalStart(pattern);
  if (isWhole) return { start, matches: () => true };
  const matches = (frame: string) => {
    regex.lastIndex = 0;
    return regex.test(head(frame, length));
  };
  // To look for what must be there somewhere costs a fraction of what `.*` costs.
  const part = /^\.\*([^\\^$.*+?()[\]{}|]{2,})(?![*+?{])/.exec(pattern)?.[1];
  const isCertain = part === undefined || pattern.includes("|");
  return { start, matches: isCertain ? matches : (frame) => frame.includes(part) && matches(frame) };
}

/**
 * How much of a frame a line may look at. A line such as `a.*b.*c` takes the square of the length, with three
 * repetitions the cube: 100 kB would be minutes, this is milliseconds.
 */
function matchedCharacters({ repetitions, branching }: RegexCost): number {
  const steps = MOST_STEPS_LOG2 - branching;
  if (repetitions === 0) return steps < 0 ? 0 : MOST_CHARACTERS;
  return Math.min(MOST_CHARACTERS, Math.floor(2 ** (steps / repetitions)));
}

/** The end of what is looked at is not the frame's end: `$` must not match there. */
function head(frame: string, length: number): string {
  return frame.length <= length ? frame : `${frame.slice(0, length)}\uffff`;
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

/** The characters with which the pattern begins and which stand for themselves, and whether that is all of it. */
function literalStart(pattern: string): { start: string; isWhole: boolean } {
  if (hasOuterAlternative(pattern)) return { start: "", isWhole: false };
  const characters = Array.from(pattern.matchAll(/\\([^\w\s])|[^\\^$.*+?()[\]{}|]/gy));
  const end = characters.reduce((length, [text]) => length + text.length, 0);
  // The last one may be repeated, or not be there at all.
  if (/^[*+?{]/.test(pattern.slice(end))) characters.pop();
  const start = characters.map(([text, escaped]) => escaped ?? text).join("");
  return { start, isWhole: end === pattern.length };
}

/** Whether a `|` stands outside all groups. */
function hasOuterAlternative(pattern: string): boolean {
  if (!pattern.includes("|")) return false;
  let depth = 0;
  for (const character of pattern.replace(/\\.|\[(?:\\.|[^\]])*\]/g, "")) {
    if (character === "(") depth++;
    else if (character === ")") depth--;
    else if (character === "|" && depth === 0) return true;
  }
  return false;
}
