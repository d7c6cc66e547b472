/** A repetition that may be made so often counts as one without a bound. */
const OFTEN = 16;

const TOKEN = /\\.|\[(?:\\.|[^\]])*\]|\((?:\?(?:<?[=!]|:))?|\)|\||[*+?]\??|\{\d+(?:,\d*)?\}\??|./g;

/** What is known of a group, or of the pattern itself, up to a token. */
interface Part {
  /** Repetitions without bound in it. */
  repetitions: number;
  /** Whether it can match one text in more than one way: it holds an alternative or anything optional or repeated. */
  isPlain: boolean;
}

/**
 * How many repetitions without bound (`*`, `+`, `{2,}`) a regular expression has: with n of them it takes, at worst,
 * the nth power of the text's length. The answer is a complaint when it could take more than any power: a group that
 * is repeated so and is itself ambiguous, such as `(a+)*` or `(a|ab?)*`, tries every way to cut the text.
 */
export function repetitionsIn(pattern: string): number | string {
  const open: Part[] = [newPart()];
  let closed: Part | undefined;
  for (const [token] of pattern.matchAll(TOKEN)) {
    const part = open.at(-1)!;
    const most = timesAtMost(token);
    if (token.startsWith("(")) open.push(newPart());
    else if (token === ")") closed = close(open);
    else if (token === "|") part.isPlain = false;
    else if (most !== undefined) {
      if (most >= OFTEN && closed !== undefined && !closed.isPlain)
        return "a group that is repeated without bound may hold neither | nor ? * + {}; use {0,3}";
      part.isPlain = false;
      if (most >= OFTEN) part.repetitions += 1;
      else if (closed !== undefined) part.repetitions += closed.repetitions * (most - 1);
    }
    if (token !== ")") closed = undefined;
  }
  return open[0]!.repetitions;
}

const newPart = (): Part => ({ repetitions: 0, isPlain: true });

/** Ends the innermost group: what it holds, the part around it holds too. */
function close(open: Part[]): Part {
  const group = open.pop()!;
  const around = open.at(-1)!;
  around.repetitions += group.repetitions;
  around.isPlain &&= group.isPlain;
  return group;
}

/** How often a quantifier lets something be there; undefined for what is no quantifier. */
function timesAtMost(token: string): number | undefined {
  if (/^[*+]\??$/.test(token)) return Number.POSITIVE_INFINITY;
  if (/^\?\??$/.test(token)) return 1;
  const bounds = /^\{(\d+)(,(\d*))?\}\??$/.exec(token);
  if (bounds === null) return undefined;
  const [, least, comma, most] = bounds;
  if (comma === undefined) return Number(least);
  return most === "" ? Number.POSITIVE_INFINITY : Number(most);
}
