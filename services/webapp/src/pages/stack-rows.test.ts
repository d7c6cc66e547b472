import { describe, expect, it } from "vitest";
import { type StackRow, stackRows } from "./stack-rows.ts";

const drawn = (row: StackRow) =>
  row.kind === "gap" ? `-- ${row.message}` : `${row.frame} ${row.module} ${row.name} (${row.trust})`;
const draw = (...frames: unknown[]) => stackRows({ frames }).map(drawn);

describe("stackRows", () => {
  it("puts inlined calls above the frame they are in, innermost first", () => {
    const inlines = [
      { function: "index_of", file: "images.hpp", line: 44 },
      { function: "texel", file: "images.hpp", line: 35 },
    ];
    expect(
      draw(
        { frame: 0, module: "teapot", function: "shade", inlines, trust: "context" },
        { frame: 1, module: "teapot", function: "draw", inlines: null, trust: "cfi" },
      ),
    ).toEqual([
      "0 teapot index_of (inlined)",
      "0 teapot texel (inlined)",
      "0 teapot shade (context)",
      "1 teapot draw (cfi)",
    ]);
  });

  it("shows where a frame without symbols is", () => {
    const bare = { function: null, trust: "scan" };
    expect(
      draw(
        { ...bare, frame: 0, module: "libc.so.6", module_offset: "0x0000000000085f16" },
        {
          ...bare,
          frame: 1,
          module: null,
          offset: "0x00007ffff0000000",
          unloaded_modules: [{ module: "old.dll", offsets: ["0x0010", "0x0020"] }],
        },
        { ...bare, frame: 2, module: null, offset: "0x00007ffff0000000", unloaded_modules: null },
        { ...bare, frame: 3 },
      ),
    ).toEqual([
      "0 libc.so.6 libc.so.6 + 0x85f16 (scan)",
      "1  (unloaded) old.dll + 0x10, 0x20 (scan)",
      "2  0x7ffff0000000 (scan)",
      "3  (unknown) (scan)",
    ]);
  });

  it("marks where frames were left out", () => {
    expect(
      draw({ frame: 249, function: "f", trust: "cfi" }, { truncated: { msg: "10 frames truncated" } }),
    ).toEqual(["249  f (cfi)", "-- 10 frames truncated"]);
  });

  it("reads what is no stack as an empty one", () => {
    expect(stackRows({})).toEqual([]);
    expect(stackRows({ frames: "tea" })).toEqual([]);
  });
});
