import { expressionMatcher } from "./matcher.ts";
import { type Expression, ExpressionError, parseExpression } from "./syntax.ts";

/** As Lucene bounds what it makes of an expression. */
const LARGEST = 10_000;

/** What is wrong with a regular expression, undefined when it can be searched for. */
export function checkExpression(text: string): string | undefined {
  try {
    if (sizeOf(parseExpression(text)) > LARGEST) return "the regular expression is too complex";
    return undefined;
  } catch (error) {
    if (error instanceof ExpressionError) return `not a valid regular expression: ${error.message}`;
    throw error;
  }
}

/** How many characters it would have without repetitions. */
function sizeOf(expression: Expression): number {
  switch (expression.kind) {
    case "set":
      return 1;
    case "repeat": {
      const { least, most } = expression;
      const times = most === Number.POSITIVE_INFINITY ? Math.max(1, least) : Math.max(1, most);
      return sizeOf(expression.of) * times;
    }
    default:
      return 1 + expression.of.reduce((sum, of) => sum + sizeOf(of), 0);
  }
}

/** A function that tells whether a whole text matches an expression that {@link checkExpression} has no fault with. */
export function matcherOf(text: string): (value: string) => boolean {
  return expressionMatcher(parseExpression(text));
}
