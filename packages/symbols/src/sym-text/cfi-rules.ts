/**
 * Call-frame rules, compiled: how the caller's registers follow from the callee's (Breakpad's docs/symbol_files.md,
 * "STACK CFI"). Registers are named without `$`; `.cfa` names the canonical frame address.
 */
export interface CfiRules {
  readonly cfa: CfiExpression;
  /** Undefined where the rules say that there is none, or say nothing: a thread's outermost function. */
  readonly returnAddress: CfiExpression | undefined;
  /** Rules of other registers, in the order of the text. */
  readonly registers: readonly (readonly [name: string, rule: CfiExpression])[];
}

/**
 * Nearly all expressions are one of two shapes: a register plus an offset that fits 32 bits, or the word at such an
 * address.
 */
export type CfiExpression =
  | { readonly kind: "sum" | "load"; readonly base: string; readonly offset: bigint }
  | { readonly kind: "steps"; readonly steps: readonly CfiStep[] };

/** A step of a postfix expression over 64-bit words. */
export type CfiStep =
  | { readonly op: "literal"; readonly value: bigint }
  | { readonly op: "register"; readonly name: string }
  | { readonly op: CfiOperator };

/** `@` aligns down. */
export const CFI_OPERATORS = ["cfa", "undefined", "load", "+", "-", "*", "/", "%", "@"] as const;

type CfiOperator = (typeof CFI_OPERATORS)[number];

/** How the operators are written. */
const OPERATORS: ReadonlyMap<string, CfiOperator> = new Map(
  CFI_OPERATORS.map((op) => [{ cfa: ".cfa", undefined: ".undef", load: "^" }[op as string] ?? op, op]),
);

/** The text of each register's rule, by the register as it is written, in order. */
export type CfiRuleTexts = ReadonlyMap<string, string>;

/** Compiles a rule set; undefined when it names no `.cfa`. */
export function compileCfi(texts: CfiRuleTexts): CfiRules | undefined {
  const byRegister = new Map<string, CfiExpression>();
  for (const [register, text] of texts) byRegister.set(registerName(register), compileExpression(text));
  const cfa = byRegister.get(".cfa");
  if (cfa === undefined) return undefined;
  const returnAddress = byRegister.get(".ra");
  byRegister.delete(".cfa");
  byRegister.delete(".ra");
  // DWARF marks an outermost function by an undefined return address; dumpers write `.undef` or leave it out.
  const isOutermost = returnAddress?.kind === "steps" && isUndefined(returnAddress.steps);
  return { cfa, returnAddress: isOutermost ? undefined : returnAddress, registers: [...byRegister] };
}

function isUndefined([first, ...others]: readonly CfiStep[]): boolean {
  return first?.op === "undefined" && others.length === 0;
}

function compileExpression(text: string): CfiExpression {
  const steps = text.split(" ").map(compileStep);
  return shapeOf(steps) ?? { kind: "steps", steps };
}

function compileStep(token: string): CfiStep {
  const op = OPERATORS.get(token);
  if (op !== undefined) return { op };
  if (isInt64(token)) return { op: "literal", value: BigInt.asUintN(64, BigInt(token)) };
  return { op: "register", name: registerName(token) };
}

/** The common shapes: `reg`, `reg 8 +`, `reg 8 -`, and each of them followed by `^`. */
function shapeOf(steps: readonly CfiStep[]): CfiExpression | undefined {
  const isLoad = steps.at(-1)?.op === "load";
  const [base, offset, sign, ...others] = isLoad ? steps.slice(0, -1) : steps;
  const name = base?.op === "register" ? base.name : base?.op === "cfa" ? ".cfa" : undefined;
  if (name === undefined || others.length > 0) return undefined;
  const kind = isLoad ? "load" : "sum";
  if (offset === undefined) return { kind, base: name, offset: 0n };
  if (offset.op !== "literal" || (sign?.op !== "+" && sign?.op !== "-")) return undefined;
  const signed = BigInt.asIntN(64, sign.op === "+" ? offset.value : -offset.value);
  return BigInt.asIntN(32, signed) === signed ? { kind, base: name, offset: signed } : undefined;
}

function registerName(text: string): string {
  return text.startsWith("$") ? text.slice(1) : text;
}

/** Whether a token is a number of 64 bits with a sign. */
function isInt64(token: string): boolean {
  return /^-?\d{1,19}$/.test(token) && BigInt(token) === BigInt.asIntN(64, BigInt(token));
}

/** Splits `REG: expression REG: expression …`; undefined when it is not of that form. */
export function splitCfiRules(text: string): Map<string, string> | undefined {
  const rules = new Map<string, string>();
  let register: string | undefined;
  let expression: string[] = [];
  for (const token of text.split(/[ \t]/)) {
    if (token === "") continue;
    if (!token.endsWith(":")) expression.push(token);
    else {
      if (register === undefined ? expression.length > 0 : expression.length === 0) return undefined;
      if (register !== undefined) rules.set(register, expression.join(" "));
      register = token.slice(0, -1);
      expression = [];
    }
  }
  if (register === undefined || expression.length === 0) return undefined;
  return rules.set(register, expression.join(" "));
}
