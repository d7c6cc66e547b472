/** A repetition that may be made so often counts as one without a bound. */
const OFTEN = 16;

const TOKEN = /\\.|\[(?:\\.|[^\]])*\]|\((?:\?(?:<?[=!]|:))?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./g;

/**
 * What a regular expression may cost at worst, when it is tried at one place of a text: 2 to the power of `branching`
 * times the text's length to the power of `repetitions`.
 */
export interface RegexCost {
  /** Repetitions without bound: `*`, `+`, `{2,}`. */
  readonly repetitions: number;
  /** Log2 of the ways in which alternatives, and what is optional or repeated a few times, can go. */
  readonly branching: number;
}

/** What is known of a group, or of the pattern itself, up to a token: of its alternatives the last one, and the dearest. */
interface Part {
  repetitions: number;
  branching: number;
  readonly dearest: { repetitions: number; branching: number };
  alternatives: number;
}

/**
 * Reckons what a regular expression may cost. The answer is a complaint when that has no bound of this kind: a group
 * that is repeated without bound and can go more than one way, such as `(a+)*` or `(a|ab?)*`, tries every way to cut
 * the text.
 * @param pattern without errors
 */
export function regexCost(pattern: string): RegexCost | string {
  const open: Part[] = [newPart()];
  let closed: RegexCost | undefined;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const part = open.at(-1)!;
    const times = timesOf(token);
    if (token.startsWith("(")) open.push(newPart());
    else if (token === "|") beginAlternative(part);
    else if (times !== undefined && !repeat(part, closed, times))
      return "a group that is repeated without bound may hold neither | nor ? * + {}; use {0,3}";
    closed = token === ")" ? close(open) : undefined;
  }
  return costOf(open[0]!);
}

const newPart = (): Part => ({
  repetitions: 0,
  branching: 0,
  dearest: { repetitions: 0, branching: 0 },
  alternatives: 1,
});

function beginAlternative(part: Part): void {
  part.alternatives += 1;
  const { dearest } = part;
  dearest.repetitions = Math.max(dearest.repetitions, part.repetitions);
  dearest.branching = Math.max(dearest.branching, part.branching);
  part.repetitions = 0;
  part.branching = 0;
}

function costOf({ repetitions, branching, dearest, alternatives }: Part): RegexCost {
  return {
    repetitions: Math.max(repetitions, dearest.repetitions),
    branching: Math.max(branching, dearest.branching) + Math.log2(alternatives),
  };
}

/** Ends the innermost group: what it costs, the part around it costs too. */
function close(open: Part[]): RegexCost {
  const group = costOf(open.pop()!);
  add(open.at(-1)!, group, 1);
  return group;
}

function add(part: Part, { repetitions, branching }: RegexCost, times: number): void {
  part.repetitions += repetitions * times;
  part.branching += branching * times;
}

/** Adds a quantifier, of a group or of one character; false when it must not be. */
function repeat(part: Part, group: RegexCost | undefined, { least, most }: Times): boolean {
  if (most >= OFTEN) {
    part.repetitions += 1;
    return group === undefined || (group.repetitions === 0 && group.branching === 0);
  }
  part.branching += Math.log2(most - least + 1);
  if (group !== undefined) add(part, group, most - 1);
  return true;
}

interface Times {
  readonly least: number;
  readonly most: number;
}

/** How often a quantifier lets something be there; undefined for what is no quantifier. */
function timesOf(token: string): Times | undefined {
  if (/^[*+]\??$/.test(token)) return { least: 0, most: Number.POSITIVE_INFINITY };
  if (/^\?\??$/.test(token)) return { least: 0, most: 1 };
  const bounds = /^\{(\d+)(,(\d*))?\}\??$/.exec(token);
  if (bounds === null) return undefined;
  const [, least, comma, most] = bounds;
  if (comma === undefined) return { least: Number(least), most: Number(least) };
  return { least: Number(least), most: most === "" ? Number.POSITIVE_INFINITY : Number(most) };
}
