import { describe, expect, it } from "vitest";
import { foldRuns } from "./fold-runs.ts";
import { functionName } from "./function-name.ts";
import { threadGroups } from "./thread-groups.ts";
import { whatHappened } from "./what-happened.ts";

describe("runs that recur", () => {
  const folded = (text: string) =>
    foldRuns([...text], (letter) => letter).map((piece) =>
      piece.kind === "items"
        ? piece.items.join("")
        : `${piece.times}×${piece.items.slice(0, piece.period).join("")}`,
    );

  it("are found with the shortest period, from three times and six items on", () => {
    expect(folded("xaaaaaay")).toEqual(["x", "6×a", "y"]);
    expect(folded("xabcabcabcy")).toEqual(["x", "3×abc", "y"]);
    expect(folded("ababab")).toEqual(["3×ab"]);
    expect(folded("abababa")).toEqual(["3×ab", "a"]);
  });

  it("are left alone below that, and nothing is lost", () => {
    expect(folded("aaaaa")).toEqual(["aaaaa"]);
    expect(folded("abcdabcd")).toEqual(["abcdabcd"]);
    expect(folded("")).toEqual([]);
  });
});

describe("a function's own name", () => {
  it.each([
    ["teapot::Texture::index_of(unsigned int) const", "index_of"],
    ["main", "main"],
    ["std::vector<a::b, c>::push_back(a::b&&)", "push_back"],
    ["mozilla::RefPtr<T>::operator->() const", "operator->"],
    ["Foo::operator<<(int)", "operator<<"],
    ["void tea::pour(Cup const&)", "pour"],
    ["(anonymous namespace)::boil(int)", "boil"],
    ["core::option::expect_failed", "expect_failed"],
    ["", ""],
  ])("of %s is %s", (text, own) => {
    const name = functionName(text);
    expect(name.own).toBe(own);
    expect(name.before + name.own + name.behind).toBe(text);
  });
});

describe("what happened", () => {
  const title = (processed: Record<string, unknown>) => whatHappened(processed).title;

  it("is told by what the report holds, the telling things first", () => {
    const adjusted = (adjusted_address: object) => ({ json_dump: { crash_info: { adjusted_address } } });
    const reason = "EXCEPTION_ACCESS_VIOLATION_READ";
    expect(title({ reason, ...adjusted({ kind: "null-pointer", offset: "0x0000000000000020" }) })).toBe(
      "Read through a null pointer, at null + 0x20",
    );
    expect(title({ reason, address: "0xe5e5e5e5e5e5e605" })).toContain("dead memory");
    expect(
      title({ reason, address: "0x1", ...adjusted({ kind: "non-canonical", address: "0xff00" }) }),
    ).toContain("a pointer that is none");
    expect(title({ reason: "EXCEPTION_STACK_OVERFLOW" })).toBe("The stack was full");
    expect(title({ reason: "SIGABRT" })).toBe("Ended on purpose: SIGABRT");
    expect(title({ reason, moz_crash_reason: "no tea" })).toBe("Stopped itself: no tea");
    expect(title({ moz_crash_reason: "x", oom_allocation_size: 96 })).toContain("could not get 96 bytes");
    expect(title({ report_type: "hang", moz_crash_reason: "x" })).toBe("Hung, and was ended");
    expect(title({ java_stack_trace: "java.lang.Error\n\tat x" })).toBe(
      "Uncaught Java exception: java.lang.Error",
    );
    expect(title({})).toBe("Nothing tells why it crashed");
  });
});

describe("threads with equal stacks", () => {
  it("are one group, the largest first, and those without frames stay apart", () => {
    const view = (index: number, ...functions: string[]) => ({
      index,
      name: "",
      frameCount: functions.length,
      thread: {
        frames: functions.map((name, frame) => ({ frame, function: name, module_offset: String(index) })),
      },
    });
    const groups = threadGroups([
      view(0, "a"),
      view(1, "wait", "run"),
      view(2, "wait", "run"),
      view(3),
      view(4),
    ]);
    expect(groups.map(({ threads }) => threads.map(({ index }) => index))).toEqual([[1, 2], [0], [3], [4]]);
    expect(groups[0]?.path).toBe("wait → run");
  });
});
