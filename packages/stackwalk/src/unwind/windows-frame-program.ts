import { combine, type Operator } from "./cfi-expression.ts";

/** A program of STACK WIN type 4, cut into its tokens. */
export type WindowsProgram = readonly string[];

const OPERATORS = new Set(["+", "-", "*", "/", "%", "@"]);

/** How many values a program may stack up; real programs need four or five. */
const MAX_DEPTH = 64;

/** Cuts a program into tokens. Some of Microsoft's own leave out the blank behind `=`. */
export function windowsProgram(text: string): WindowsProgram {
  return text
    .split(/[ \t\n\f\r]+/)
    .filter((token) => token !== "")
    .flatMap((token) => (token.startsWith("=") && token.length > 1 ? ["=", token.slice(1)] : [token]));
}

/** A variable that stands where it may be assigned to, a value, or nothing (`.undef`). */
type Value = { readonly variable: string } | { readonly number: bigint } | "undefined";

/**
 * Runs a program over 32-bit words; it reads and assigns `variables`. False when it is malformed or asks for what is
 * not known: then the variables are not to be used.
 */
export function runWindowsProgram(
  program: WindowsProgram,
  variables: Map<string, bigint>,
  load: (address: bigint) => bigint | undefined,
): boolean {
  const stack: Value[] = [];
  const pop = () => numberOf(stack.pop(), variables);
  for (const token of program) {
    if (stack.length >= MAX_DEPTH) return false;
    if (token === "=") {
      if (!assign(stack, variables)) return false;
      continue;
    }
    const value = evaluated(token, pop, load);
    if (value === undefined) return false;
    stack.push(value);
  }
  return true;
}

function evaluated(
  token: string,
  pop: () => bigint | undefined,
  load: (address: bigint) => bigint | undefined,
): Value | undefined {
  if (OPERATORS.has(token)) {
    const right = pop();
    const left = pop();
    if (left === undefined || right === undefined) return undefined;
    return wrapped(combine(token as Operator, left, right));
  }
  if (token === "^") {
    const address = pop();
    return address === undefined ? undefined : wrapped(load(address));
  }
  if (token === ".undef") return "undefined";
  if (token.startsWith("$") || token.startsWith(".")) return { variable: token };
  return isInt32(token) ? wrapped(BigInt(token)) : undefined;
}

function assign(stack: Value[], variables: Map<string, bigint>): boolean {
  const value = stack.pop();
  const target = stack.pop();
  if (value === undefined || typeof target !== "object" || !("variable" in target)) return false;
  if (value === "undefined") {
    variables.delete(target.variable);
    return true;
  }
  const number = numberOf(value, variables);
  if (number === undefined) return false;
  variables.set(target.variable, number);
  return true;
}

function numberOf(value: Value | undefined, variables: ReadonlyMap<string, bigint>): bigint | undefined {
  if (value === undefined || value === "undefined") return undefined;
  return "number" in value ? value.number : variables.get(value.variable);
}

function wrapped(value: bigint | undefined): Value | undefined {
  return value === undefined ? undefined : { number: BigInt.asUintN(32, value) };
}

/** Whether a token is a number of 32 bits with a sign. */
function isInt32(token: string): boolean {
  return /^[+-]?\d{1,10}$/.test(token) && BigInt(token) === BigInt.asIntN(32, BigInt(token));
}
