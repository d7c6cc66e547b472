import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileCfi } from "../test-support/compile-cfi.ts";
import { evaluate } from "./cfi-expression.ts";

const registers: Readonly<Record<string, bigint>> = { rsp: 0x7000n, rbx: 3n, zero: 0n };
const inputs = {
  register: (name: string) => registers[name],
  load: (address: bigint) => (address === 0x7008n ? 99n : undefined),
};

/** The value of an expression where `.cfa` is 0x7010. */
function resultOf(expression: string): bigint | undefined {
  const program = compileCfi(`.cfa: 1 .ra: 1 x: ${expression}`);
  return evaluate(program!.registers[0]![1], inputs, 0x7010n);
}

describe("an expression", () => {
  it.each([
    ["8", 8n],
    ["-8", 2n ** 64n - 8n],
    ["$rsp", 0x7000n],
    ["rsp", 0x7000n],
    [".cfa", 0x7010n],
    ["$rsp 8 +", 0x7008n],
    ["$rsp 8 -", 0x6ff8n],
    ["$rsp -8 +", 0x6ff8n],
    ["3 5 -", 2n ** 64n - 2n],
    ["$rbx 7 *", 21n],
    ["-1 -1 *", 1n],
    ["17 $rbx /", 5n],
    ["17 $rbx %", 2n],
    ["-1 2 /", 2n ** 63n - 1n],
    ["$rsp 15 + 16 @", 0x7000n],
    ["$rsp 16 + 1 @", 0x7010n],
    [".cfa -8 + ^", 99n],
    ["1 2 3 + +", 6n],
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", 2n ** 63n],
  ])("%s is %s", (expression, value) => {
    expect(resultOf(expression)).toBe(value);
  });

  it.each([
    ["names an unknown register", "$rax"],
    ["names an unknown register without $", "rax"],
    ["is undefined", ".undef"],
    ["is undefined in a part", "1 .undef"],
    ["divides by zero", "8 $zero /"],
    ["has the rest of a division by zero", "8 0 %"],
    ["aligns to what is no power of two", "$rsp 12 @"],
    ["aligns to zero", "$rsp 0 @"],
    ["loads what is not there", "0 ^"],
    ["lacks a value to load from", "^"],
    ["lacks a value to add", "8 +"],
    ["leaves two values", "1 2"],
    ["is a number too large for 64 bits", "9223372036854775808"],
    ["is a number far too large", "9".repeat(1000)],
    ["stacks up more than any rule needs", `${"1 ".repeat(100)}${"+ ".repeat(99)}`],
  ])("has no value when it %s", (_, expression) => {
    expect(resultOf(expression)).toBeUndefined();
  });

  it("of the call frame's address may not use it", () => {
    const { cfa } = compileCfi(".cfa: .cfa 8 + .ra: 1")!;
    expect(evaluate(cfa, inputs, undefined)).toBeUndefined();
  });

  it("has a 64-bit value or none, whatever it is made of", () => {
    const token = fc.constantFrom(
      ..."$rsp $rbx $x .cfa .undef 0 1 -1 8 9223372036854775807 + - * / % @ ^".split(" "),
    );
    fc.assert(
      fc.property(fc.array(token, { minLength: 1, maxLength: 12 }), (tokens) => {
        const value = resultOf(tokens.join(" "));
        if (value !== undefined) expect(BigInt.asUintN(64, value)).toBe(value);
      }),
    );
  });
});
