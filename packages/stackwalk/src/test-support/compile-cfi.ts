import type { CfiExpression, CfiRules, CfiStep } from "../address-space/module-symbols.ts";

const OPERATORS = new Set(["+", "-", "*", "/", "%", "@"]);

/** Compiles the text of call-frame rules as symbols do; undefined when it is malformed or names no `.cfa`. */
export function compileCfi(rules: string): CfiRules | undefined {
  const byRegister = new Map<string, CfiStep[]>();
  let current: CfiStep[] | undefined;
  for (const token of rules.split(" ")) {
    if (token === "") continue;
    if (token.endsWith(":")) {
      if (current?.length === 0) return undefined;
      current = [];
      byRegister.set(withoutDollar(token.slice(0, -1)), current);
    } else if (current === undefined) return undefined;
    else current.push(step(token));
  }
  if (current === undefined || current.length === 0) return undefined;
  const cfa = byRegister.get(".cfa");
  if (cfa === undefined) return undefined;
  const ra = byRegister.get(".ra");
  const isUndefined = ra?.length === 1 && ra[0]?.op === "undefined";
  byRegister.delete(".cfa");
  byRegister.delete(".ra");
  return {
    cfa: shaped(cfa),
    returnAddress: ra === undefined || isUndefined ? undefined : shaped(ra),
    registers: [...byRegister].map(([name, steps]) => [name, shaped(steps)]),
  };
}

/** The common shapes, `base offset +` with or without a load behind it. */
function shaped(steps: readonly CfiStep[]): CfiExpression {
  const [first, offset, plus, load] = steps;
  const base = first?.op === "cfa" ? ".cfa" : first?.op === "register" ? first.name : undefined;
  const isSum = base !== undefined && offset?.op === "literal" && plus?.op === "+";
  if (isSum && steps.length === 3) return { kind: "sum", base, offset: offset.value };
  if (isSum && steps.length === 4 && load?.op === "load") return { kind: "load", base, offset: offset.value };
  return { kind: "steps", steps };
}

function withoutDollar(text: string): string {
  return text.startsWith("$") ? text.slice(1) : text;
}

function step(token: string): CfiStep {
  if (OPERATORS.has(token)) return { op: token as "+" };
  if (token === "^") return { op: "load" };
  if (token === ".cfa") return { op: "cfa" };
  if (token === ".undef") return { op: "undefined" };
  if (isInt64(token)) return { op: "literal", value: BigInt.asUintN(64, BigInt(token)) };
  return { op: "register", name: withoutDollar(token) };
}

/** Whether a token is a number of 64 bits with a sign. */
function isInt64(token: string): boolean {
  return /^-?\d{1,19}$/.test(token) && BigInt(token) === BigInt.asIntN(64, BigInt(token));
}
