/**
 * Breakpad's call-frame rules, compiled: postfix expressions over 64-bit words (Breakpad's docs/symbol_files.md,
 * "STACK CFI"; what each operator does with odd values is as in rust-minidump).
 */
export interface CfiProgram {
  readonly cfa: Expression;
  /** Undefined where the rules say that there is none: a thread's outermost function. */
  readonly returnAddress: Expression | undefined;
  /** Rules of other registers, by name without `$`. */
  readonly registers: readonly (readonly [name: string, rule: Expression])[];
}

type Step =
  | { readonly op: "literal"; readonly value: bigint }
  | { readonly op: "register"; readonly name: string }
  | { readonly op: "cfa" | "undefined" | "load" | "+" | "-" | "*" | "/" | "%" | "@" };

export type Expression = readonly Step[];

/** What an expression may look at. */
export interface CfiInputs {
  register(name: string): bigint | undefined;
  load(address: bigint): bigint | undefined;
}

const OPERATORS = new Set(["+", "-", "*", "/", "%", "@"]);

/** How many values an expression may stack up; real rules need three or four. */
const MAX_DEPTH = 64;

/** Compiles a rule set; undefined when it is malformed or names no `.cfa`. */
export function compileCfi(rules: string): CfiProgram | undefined {
  const byRegister = new Map<string, Expression>();
  let current: Step[] | undefined;
  for (const token of rules.split(" ")) {
    if (token === "") continue;
    if (token.endsWith(":")) {
      if (current?.length === 0) return undefined;
      current = [];
      byRegister.set(registerName(token.slice(0, -1)), current);
    } else if (current === undefined) return undefined;
    else current.push(step(token));
  }
  if (current === undefined || current.length === 0) return undefined;
  const cfa = byRegister.get(".cfa");
  if (cfa === undefined) return undefined;
  const returnAddress = returnAddressRule(byRegister.get(".ra"));
  byRegister.delete(".cfa");
  byRegister.delete(".ra");
  return { cfa, returnAddress, registers: [...byRegister] };
}

/** DWARF marks an outermost function by an undefined return address; dumpers write that as `.undef` or leave it out. */
function returnAddressRule(rule: Expression | undefined): Expression | undefined {
  return rule?.length === 1 && rule[0]?.op === "undefined" ? undefined : rule;
}

function registerName(text: string): string {
  return text.startsWith("$") ? text.slice(1) : text;
}

function step(token: string): Step {
  if (OPERATORS.has(token)) return { op: token as "+" };
  if (token === "^") return { op: "load" };
  if (token === ".cfa") return { op: "cfa" };
  if (token === ".undef") return { op: "undefined" };
  if (isInt64(token)) return { op: "literal", value: BigInt.asUintN(64, BigInt(token)) };
  return { op: "register", name: registerName(token) };
}

/** Whether a token is a number of 64 bits with a sign. */
function isInt64(token: string): boolean {
  return /^-?\d{1,19}$/.test(token) && BigInt(token) === BigInt.asIntN(64, BigInt(token));
}

/** The value of an expression; undefined when it asks for what is not known or is malformed. */
export function evaluate(
  expression: Expression,
  inputs: CfiInputs,
  cfa: bigint | undefined,
): bigint | undefined {
  const stack: bigint[] = [];
  for (const step of expression) {
    const value = apply(step, stack, inputs, cfa);
    if (value === undefined || stack.length >= MAX_DEPTH) return undefined;
    stack.push(BigInt.asUintN(64, value));
  }
  return stack.length === 1 ? stack[0] : undefined;
}

function apply(step: Step, stack: bigint[], inputs: CfiInputs, cfa: bigint | undefined): bigint | undefined {
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

function combine(op: "+" | "-" | "*" | "/" | "%" | "@", left: bigint, right: bigint): bigint | undefined {
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
