import type { CodeRange, Expression } from "./syntax.ts";

/** RE2 takes no larger count in a repetition, nor a larger product of those within one another. */
const MOST_TIMES = 1000;

/**
 * The expression in RE2's language, to match a whole text; undefined where RE2 cannot say it.
 * @param times how often it may stand within repetitions around it
 */
export function toRe2(expression: Expression, times = 1): string | undefined {
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
