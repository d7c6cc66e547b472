import { describe, expect, it } from "vitest";
import { bugReport, fileBugAddress, stackMarkdown } from "./bug-report.ts";
import { foldRuns } from "./fold-runs.ts";
import { functionName } from "./function-name.ts";
import { risen } from "./rise.ts";
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

describe("whether a signature rises", () => {
  const weeks = (...counts: number[]) =>
    counts.flatMap((count) => Array.from({ length: 7 }, (_, day) => (day < 5 ? count : count / 5)));

  it("is told by full weeks, so that weekends count as weekends", () => {
    expect(risen(weeks(10, 10, 10, 10))).toMatchObject({ ratio: 1, says: "unclear" });
    const rise = risen(weeks(10, 10, 10, 30))!;
    expect(rise).toMatchObject({ ratio: 3, says: "more" });
    expect(rise.low).toBeGreaterThan(2);
    expect(risen(weeks(30, 30, 30, 10))?.says).toBe("less");
  });

  it("is not told of too few crashes, or without weeks before", () => {
    expect(risen(weeks(0, 0, 0, 0))).toBeUndefined();
    expect(risen(weeks(0, 0, 0, 50))).toBeUndefined();
    expect(risen([1, 2, 3])).toBeUndefined();
  });
});

describe("what a bug says of a crash", () => {
  const rows = Array.from({ length: 12 }, (_, frame) => ({
    kind: "call" as const,
    frame: String(frame),
    module: "libtea.so",
    name: "x".repeat(100),
    hasSymbols: true,
    source: undefined,
    trust: "cfi",
    place: "",
  }));
  const report = bugReport(
    { uuid: "id", signature: "s".repeat(300), reason: "SIGSEGV" },
    rows,
    "https://crashes.example",
  );

  it("is bounded as bug trackers want it", () => {
    expect(report.title).toHaveLength(255);
    const frames = report.description.split("\n").filter((line) => line.includes("libtea.so"));
    expect(frames).toHaveLength(10);
    expect(frames.every((line) => line.length <= 80)).toBe(true);
    expect(report.description).toContain("https://crashes.example/report/index/id");
  });

  it("stands in a tracker's address, whatever is in it", () => {
    const address = fileBugAddress("https://bugs.example/?t={title}&d={description}&x={other}", {
      ...report,
      title: "a&b=\ud800#",
    });
    expect(address).toContain("?t=a%26b%3D%EF%BF%BD%23&d=Crash%20report");
    expect(address).toContain("&x={other}");
  });

  it("is a block of Markdown that no tick within can end", () => {
    const [row] = rows;
    expect(stackMarkdown([{ ...row!, name: "a```b" }]).split("\n")[0]).toBe("````");
  });
});
