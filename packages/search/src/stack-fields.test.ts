import { describe, expect, it } from "vitest";
import { stackValues } from "./stack-fields.ts";

const thread = (...frames: object[]) => ({ frames });

describe("what stands on stacks", () => {
  it("is of the crashing thread, inlined functions before the one they are in, and of all threads", () => {
    const inlined = {
      function: "outer",
      module: "xul.dll",
      module_offset: "0x1a",
      file: "a.cpp",
      inlines: [{ function: "inner", file: "inl.h" }],
    };
    const threads = [
      thread({ function: "wait", module: "ntdll.dll" }),
      thread(inlined, { function: "main", module: "xul.dll" }),
    ];
    expect(stackValues({ crashing_thread: 1, json_dump: { threads } })).toEqual({
      stack_function: ["inner", "outer", "main"],
      stack_module: ["xul.dll"],
      stack_file: ["inl.h", "a.cpp"],
      stack_module_offset: ["xul.dll@0x1a"],
      top_function: ["inner"],
      any_thread_function: ["inner", "outer", "main", "wait"],
      any_thread_module: ["xul.dll", "ntdll.dll"],
    });
  });

  it("has no innermost function where the innermost frame has none", () => {
    const threads = [thread({ function: null, module: "a" }, { function: "main" })];
    expect(stackValues({ json_dump: { crash_info: { crashing_thread: 0 }, threads } })).toMatchObject({
      stack_function: ["main"],
      top_function: [],
    });
  });

  it.each([
    [{}],
    [{ json_dump: "x" }],
    [{ json_dump: { threads: 5, crash_info: [] } }],
    [
      {
        crashing_thread: 7,
        json_dump: { threads: [null, 5, { frames: "x" }, { frames: [null, "x", { function: 5 }] }] },
      },
    ],
  ])("is nothing where there is none to read: %j", (processed) => {
    for (const values of Object.values(stackValues(processed))) expect(values).toEqual([]);
  });

  it("has texts of one line, and at most 5,000 of a kind", () => {
    const frames = Array.from({ length: 6_000 }, (_, i) => ({ function: `f\n${i}` }));
    const { stack_function } = stackValues({ crashing_thread: 0, json_dump: { threads: [{ frames }] } });
    expect(stack_function).toHaveLength(5_000);
    expect(stack_function?.[0]).toBe("f 0");
  });
});
