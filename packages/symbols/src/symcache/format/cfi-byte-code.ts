import { CFI_OPERATORS, type CfiExpression, type CfiRules, type CfiStep } from "../../sym-text/cfi-rules.ts";
import type { ByteReader } from "./byte-reader.ts";
import type { ByteWriter } from "./byte-writer.ts";

/**
 * A rule set's byte code: varint number of rules, then for each the varint number of its register and its expression.
 * `.cfa` comes first, `.ra` second where there is one. Registers are numbered by a list of names that the file has once.
 *
 * An expression is u8 code and operands:
 *   0 register, offset: their sum            1 register, offset: the word at their sum
 *   2 varint number of steps, then each one as u8 code and operand:
 *       0 literal: u64    1 register    2 and up: the operators in their order in CFI_OPERATORS
 * Offsets, which fit 32 bits with their sign, are zigzag varints.
 */
const SUM = 0;
const LOAD = 1;
const STEPS = 2;
const LITERAL = 0;
const REGISTER = 1;
const FIRST_OPERATOR = 2;

/** Names to numbers, given out as they are met. */
export class RegisterNumbers {
  readonly #numbers = new Map<string, number>();

  of(name: string): number {
    const known = this.#numbers.get(name);
    if (known !== undefined) return known;
    this.#numbers.set(name, this.#numbers.size);
    return this.#numbers.size - 1;
  }

  get count(): number {
    return this.#numbers.size;
  }

  get names(): string[] {
    return [...this.#numbers.keys()];
  }
}

/** Writes a rule set. */
export function encodeCfi(rules: CfiRules, registers: RegisterNumbers, out: ByteWriter): void {
  const { cfa, returnAddress, registers: others } = rules;
  const all: (readonly [string, CfiExpression])[] = [[".cfa", cfa]];
  if (returnAddress !== undefined) all.push([".ra", returnAddress]);
  all.push(...others);
  out.varint(all.length);
  for (const [name, expression] of all) {
    out.varint(registers.of(name));
    encodeExpression(expression, registers, out);
  }
}

function encodeExpression(expression: CfiExpression, registers: RegisterNumbers, out: ByteWriter): void {
  if (expression.kind === "steps") {
    encodeSteps(expression.steps, registers, out);
    return;
  }
  const { kind, base, offset } = expression;
  out.u8(kind === "sum" ? SUM : LOAD);
  out.varint(registers.of(base));
  const value = Number(offset);
  out.varint(value < 0 ? -2 * value - 1 : 2 * value);
}

function encodeSteps(steps: readonly CfiStep[], registers: RegisterNumbers, out: ByteWriter): void {
  out.u8(STEPS);
  out.varint(steps.length);
  for (const step of steps) {
    if (step.op === "literal") {
      out.u8(LITERAL);
      out.u64(step.value);
    } else if (step.op === "register") {
      out.u8(REGISTER);
      out.varint(registers.of(step.name));
    } else out.u8(FIRST_OPERATOR + CFI_OPERATORS.indexOf(step.op));
  }
}

/** Reads a rule set; throws what the reader throws where the bytes are none. */
export function decodeCfi(bytes: ByteReader, registers: readonly string[]): CfiRules | undefined {
  const count = bytes.varint();
  const rules: (readonly [string, CfiExpression])[] = [];
  for (let i = 0; i < count; i++) {
    rules.push([registers[bytes.varint()] ?? "", decodeExpression(bytes, registers)]);
  }
  const [cfa, second] = rules;
  if (cfa === undefined) return undefined;
  const returnAddress = second?.[0] === ".ra" ? second[1] : undefined;
  return {
    cfa: cfa[1],
    returnAddress,
    registers: rules.slice(returnAddress === undefined ? 1 : 2),
  };
}

function decodeExpression(bytes: ByteReader, registers: readonly string[]): CfiExpression {
  const code = bytes.u8();
  if (code !== SUM && code !== LOAD) return { kind: "steps", steps: decodeSteps(bytes, registers) };
  const base = registers[bytes.varint()] ?? "";
  const zigzag = bytes.varint();
  const offset = BigInt(zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2);
  return { kind: code === SUM ? "sum" : "load", base, offset };
}

function decodeSteps(bytes: ByteReader, registers: readonly string[]): CfiStep[] {
  const count = bytes.varint();
  const steps: CfiStep[] = [];
  for (let i = 0; i < count; i++) {
    const code = bytes.u8();
    if (code === LITERAL) steps.push({ op: "literal", value: bytes.u64() });
    else if (code === REGISTER) steps.push({ op: "register", name: registers[bytes.varint()] ?? "" });
    else steps.push({ op: CFI_OPERATORS[code - FIRST_OPERATOR] ?? "undefined" });
  }
  return steps;
}
