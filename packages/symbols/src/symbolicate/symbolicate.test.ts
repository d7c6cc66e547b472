import { describe, expect, it } from "vitest";
import type { SymbolSupply } from "../supply/symbol-supply.ts";
import { DEBUG_ID, symcacheOf } from "../test-support/sym-text.ts";
import { symbolicate } from "./symbolicate.ts";

const xul = await symcacheOf(
  "INFO CODE_ID 5ED439916EB4000 xul.dll",
  "FILE 0 a.cpp",
  "FILE 1 ",
  "INLINE_ORIGIN 0 inlined",
  "FUNC 1000 20 0 f(int)",
  "INLINE 0 7 0 0 1000 8",
  "1000 8 12 0",
  "1008 8 0 0",
  "1010 10 5 1",
);
const app = await symcacheOf("PUBLIC 2000 0 p");

/** A supply of two modules that counts its questions. */
function supplied() {
  const asked: string[] = [];
  const supply: SymbolSupply = {
    async get({ debugFile }) {
      asked.push(debugFile);
      const symbols = { "xul.pdb": xul, app }[debugFile];
      return symbols === undefined ? { kind: "missing", why: "no" } : { kind: "found", symbols, url: "" };
    },
  };
  return { supply, asked };
}

const memoryMap = [
  ["xul.pdb", DEBUG_ID],
  ["app", DEBUG_ID],
  ["gone", "ABC"],
  ["idle", "DEF"],
  ["", ""],
] as const;

describe("symbolication", () => {
  it("answers what is known of each frame, and leaves out what is not", async () => {
    const stack = [
      [0, 0x1004],
      [0, 0x1008],
      [0, 0x1010],
      [1, 0x2003],
      [1, 0x10],
      [2, 16],
      [4, 5],
      [-1, -1],
      [0, -1],
    ] as const;
    const { results } = await symbolicate([{ memoryMap, stacks: [stack, []] }], supplied().supply);
    expect(results).toEqual([
      {
        stacks: [
          [
            {
              frame: 0,
              module: "xul.dll",
              module_offset: "0x1004",
              function: "f(int)",
              function_offset: "0x4",
              file: "a.cpp",
              line: 7,
              inlines: [{ function: "inlined", file: "a.cpp", line: 12 }],
            },
            {
              frame: 1,
              module: "xul.dll",
              module_offset: "0x1008",
              function: "f(int)",
              function_offset: "0x8",
              file: "a.cpp",
            },
            {
              frame: 2,
              module: "xul.dll",
              module_offset: "0x1010",
              function: "f(int)",
              function_offset: "0x10",
            },
            { frame: 3, module: "app", module_offset: "0x2003", function: "p", function_offset: "0x3" },
            { frame: 4, module: "app", module_offset: "0x10" },
            { frame: 5, module: "gone", module_offset: "0x10" },
            { frame: 6, module: "", module_offset: "0x5" },
            { frame: 7, module: "<unknown>", module_offset: "-0x1" },
            { frame: 8, module: "xul.dll", module_offset: "-0x1" },
          ],
          [],
        ],
        found_modules: {
          [`xul.pdb/${DEBUG_ID}`]: true,
          [`app/${DEBUG_ID}`]: true,
          "gone/ABC": false,
          "idle/DEF": null,
          "/": null,
        },
      },
    ]);
  });

  it("asks for each module of a job once, and for none that no frame is in", async () => {
    const { supply, asked } = supplied();
    const stacks = [[[0, 1] as const, [1, 1] as const, [0, 2] as const], [[0, 3] as const]];
    await symbolicate([{ memoryMap, stacks }], supply);
    expect(asked).toEqual(["xul.pdb", "app"]);
  });
});
