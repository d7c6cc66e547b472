import { describe, expect, it } from "vitest";
import { ByteReader } from "../symcache/format/byte-reader.ts";
import { ByteWriter } from "../symcache/format/byte-writer.ts";
import { decodeCfi, encodeCfi, RegisterNumbers } from "../symcache/format/cfi-byte-code.ts";
import { type CfiRules, compileCfi, splitCfiRules } from "./cfi-rules.ts";

const compiled = (text: string) => compileCfi(splitCfiRules(text)!);

describe("compiled call-frame rules", () => {
  it("have shapes of their own for what nearly all rules are", () => {
    expect(compiled(".cfa: $rsp 16 + .ra: .cfa -8 + ^ $rbp: .cfa 16 - ^ $rbx: $rbx")).toEqual({
      cfa: { kind: "sum", base: "rsp", offset: 16n },
      returnAddress: { kind: "load", base: ".cfa", offset: -8n },
      registers: [
        ["rbp", { kind: "load", base: ".cfa", offset: -16n }],
        ["rbx", { kind: "sum", base: "rbx", offset: 0n }],
      ],
    });
  });

  it("are steps where they are anything else", () => {
    expect(compiled(".cfa: $rsp -16 @ x29: 7 x30: .undef")).toEqual({
      cfa: {
        kind: "steps",
        steps: [{ op: "register", name: "rsp" }, { op: "literal", value: 2n ** 64n - 16n }, { op: "@" }],
      },
      returnAddress: undefined,
      registers: [
        ["x29", { kind: "steps", steps: [{ op: "literal", value: 7n }] }],
        ["x30", { kind: "steps", steps: [{ op: "undefined" }] }],
      ],
    });
    expect(compiled(".cfa: $rsp 4294967296 +")?.cfa.kind).toBe("steps");
    expect(compiled(".cfa: $rsp 8 + ^ ^")?.cfa.kind).toBe("steps");
  });

  it("have no return address where it is undefined or left out: the outermost function", () => {
    expect(compiled(".cfa: $rsp 8 + .ra: .undef")?.returnAddress).toBeUndefined();
    expect(compiled(".cfa: $rsp 8 +")?.returnAddress).toBeUndefined();
  });

  it("are none without a canonical frame address", () => {
    expect(compiled(".ra: .cfa -8 + ^")).toBeUndefined();
  });

  it("take numbers of 64 bits with a sign for literals, all else for registers", () => {
    const stepsOf = (text: string) => {
      const cfa = compiled(`.cfa: ${text} ^ ^`)?.cfa;
      return cfa?.kind === "steps" ? cfa.steps[0] : undefined;
    };
    expect(stepsOf("-9223372036854775808")).toEqual({ op: "literal", value: 2n ** 63n });
    expect(stepsOf("9223372036854775808")).toEqual({ op: "register", name: "9223372036854775808" });
    expect(stepsOf("0x10")).toEqual({ op: "register", name: "0x10" });
  });

  it.each([
    ".cfa: $rsp 8 + .ra: .cfa -8 + ^",
    ".cfa: $rsp 2147483647 + .ra: .cfa -2147483648 + ^ $r12: .cfa 0 +",
    ".cfa: 1 2 + 3 - 4 * 5 / 6 % 8 @ ^ .ra: .cfa .undef $x",
    ".cfa: $rsp 8 + .ra: .undef $rbx: -1",
  ])("are the same once they were written as byte code and read: %s", (text) => {
    const rules = compiled(text) as CfiRules;
    const registers = new RegisterNumbers();
    const out = new ByteWriter(1);
    encodeCfi(rules, registers, out);
    expect(decodeCfi(new ByteReader().start(out.view()), registers.names)).toEqual(rules);
  });
});
