import type { CfiExpression, CfiStep } from "../address-space/module-symbols.ts";

/** What an expression may look at. */
export interface CfiInputs {
  register(name: string): bigint | undefined;
  load(address: bigint): bigint | undefined;
}

/** How many values an expression may stack up; real rules need three or four. */
const MAX_DEPTH = 64;

/**
 * The value of an expression, 64 bits; undefined when it asks for what is not known or is malformed (what each
 * operator does with odd values is as in rust-minidump).
 */
export function evaluate(
  expression: CfiExpression,
  inputs: CfiInputs,
  cfa: bigint | undefined,
): bigint | undefined {
  if (expression.kind === "steps") return evaluateSteps(expression.steps, inputs, cfa);
  const base = expression.base === ".cfa" ? cfa : inputs.register(expression.base);
  if (base === undefined) return undefined;
  const sum = BigInt.asUintN(64, base + expression.offset);
  return expression.kind === "sum" ? sum : inputs.load(sum);
}

function evaluateSteps(
  steps: readonly CfiStep[],
  inputs: CfiInputs,
  cfa: bigint | undefined,
): bigint | undefined {
  const stack: bigint[] = [];
  for (const step of steps) {
    const value = apply(step, stack, inputs, cfa);
    if (value === undefined || stack.length >= MAX_DEPTH) return undefined;
    stack.push(BigInt.asUintN(64, value));
  }
  return stack.length === 1 ? stack[0] : undefined;
}

function apply(
  step: CfiStep,
  stack: bigint[],
  inputs: CfiInputs,
  cfa: bigint | undefined,
): bigint | undefined {
  switch (step.op) {
    case "literal":
      return step.value;
    case "register":
      return inputs.register(step.name);
    case "cfa":
      return cfa;
    case "undefined":
      return undefined;
    case "load": {
      const address = stack.pop();
      return address === undefined ? undefined : inputs.load(address);
    }
    default: {
      const right = stack.pop();
      const left = stack.pop();
      return left === undefined || right === undefined ? undefined : combine(step.op, left, right);
    }
  }
}

export type Operator = "+" | "-" | "*" | "/" | "%" | "@";

/** Applies an operator of call-frame rules; the caller wraps the result to its width. undefined where it has none. */
export function combine(op: Operator, left: bigint, right: bigint): bigint | undefined {
  switch (op) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return right === 0n ? undefined : left / right;
    case "%":
      return right === 0n ? undefined : left % right;
    case "@":
      // Aligns down; only to a power of two.
      return right === 0n || (right & (right - 1n)) !== 0n ? undefined : left & -right;
  }
}
