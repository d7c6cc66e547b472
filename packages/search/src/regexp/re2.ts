import type { CodeRange, Expression } from "./syntax.ts";

/** RE2 takes no larger count in a repetition, nor a larger product of those within one another. */
const MOST_TIMES = 1000;

/**
 * The expression in RE2's language, to be looked for in a text: what may stand before and behind it is left out, so that
 * a search ends where it is found. Undefined where RE2 cannot say it.
 */
export function toRe2Search(expression: Expression): string | undefined {
  const of = expression.kind === "sequence" ? expression.of : [expression];
  const first = of.findIndex((one) => !isAnyText(one));
  if (first === -1) return of.length === 0 ? "\\A\\z" : "";
  const last = of.findLastIndex((one) => !isAnyText(one));
  const pattern = toRe2({ kind: "sequence", of: of.slice(first, last + 1) });
  if (pattern === undefined) return undefined;
  return `${first === 0 ? "\\A" : ""}${pattern}${last === of.length - 1 ? "\\z" : ""}`;
}

/** Whether an expression matches every text. */
function isAnyText(expression: Expression): boolean {
  return (
    expression.kind === "repeat" &&
    expression.least === 0 &&
    expression.most === Number.POSITIVE_INFINITY &&
    expression.of.kind === "set" &&
    isEverything(expression.of.ranges)
  );
}

const isEverything = ([first, ...others]: readonly CodeRange[]): boolean =>
  first !== undefined && others.length === 0 && first[0] === 0 && first[1] === 0x10ffff;

/**
 * The expression in RE2's language, to match a whole text; undefined where RE2 cannot say it.
 * @param times how often it may stand within repetitions around it
 */
function toRe2(expression: Expression, times = 1): string | undefined {
  switch (expression.kind) {
    case "set":
      return expression.ranges.length === 0 ? undefined : setOf(expression.ranges);
    case "sequence":
      return joined(expression.of, "", times);
    case "either":
      return expression.of.length === 0 ? undefined : joined(expression.of, "|", times);
    case "both":
      return undefined;
    case "repeat": {
      const { least, most } = expression;
      const count = Math.max(1, most === Number.POSITIVE_INFINITY ? least : most);
      if (count * times > MOST_TIMES) return undefined;
      const of = toRe2(expression.of, count * times);
      if (of === undefined) return undefined;
      return `(?:${of}){${least},${most === Number.POSITIVE_INFINITY ? "" : most}}`;
    }
  }
}

function joined(of: readonly Expression[], by: string, times: number): string | undefined {
  const parts = of.map((one) => toRe2(one, times));
  return parts.includes(undefined) ? undefined : `(?:${parts.join(by)})`;
}

function setOf(ranges: readonly CodeRange[]): string {
  const parts = ranges.map(([from, to]) => (from === to ? hex(from) : `${hex(from)}-${hex(to)}`));
  return `[${parts.join("")}]`;
}

const hex = (code: number): string => `\\x{${code.toString(16)}}`;
