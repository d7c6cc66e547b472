import { describe, expect, it } from "vitest";
import type { CrashFrame } from "../crash-data/crash-data.ts";
import { generateSignature } from "../generate-signature.ts";
import { crashOf, lists } from "../test-support/lists.ts";

const siglists = lists({ irrelevant: ["libc"], prefix: [".*\\.so", "\\(unloaded"] });
const generate = (...frames: (string | CrashFrame)[]) =>
  generateSignature(crashOf(...frames), siglists, ["module-offsets"]);
const at = (module: string, module_offset: string): CrashFrame => ({ module, module_offset });

describe("a stack without symbols, with module-offsets", () => {
  it("has each module once, with the offset of its first frame", () => {
    const stack = [
      at("a.so", "0x0012"),
      at("a.so", "0x34"),
      at("b.so", "0x5"),
      at("a.so", "0x6"),
      at("tea", "0x7"),
    ];
    expect(generate(...stack).signature).toBe("a.so@0x12 | b.so@0x5 | tea@0x7");
    expect(generateSignature(crashOf(...stack), siglists).signature).toBe("a.so | b.so | a.so | tea");
  });

  it("says so in the steps", () => {
    expect(generate(at("tea", "0x7")).steps).toContainEqual({
      kind: "switch",
      name: "module-offsets",
      before: "tea",
      after: "tea@0x7",
    });
  });

  it("is told apart also where all of it is irrelevant", () => {
    expect(generate(at("libc.so.6", "0x9"), at("libc.so.6", "0xa")).signature).toBe("libc.so.6@0x9");
  });

  it("has where an unloaded module was", () => {
    const unloaded_modules = [{ module: "gone.so", offsets: ["0x00f0", "0x1"] }];
    expect(generate({ unloaded_modules }, at("tea", "0x7")).signature).toBe(
      "(unloaded gone.so)@0xf0 | tea@0x7",
    );
  });

  it("stays as it is with a function, or without offsets", () => {
    expect(generate(at("a.so", "0x1"), "app::run").signature).toBe("a.so | app::run");
    const { signature, steps } = generate({ module: "tea" });
    expect(signature).toBe("tea");
    expect(steps.map(({ kind }) => kind)).toEqual(["taken", "rule"]);
  });

  it("keeps its proto signature", () => expect(generate(at("tea", "0x7")).protoSignature).toBe("tea"));
});
