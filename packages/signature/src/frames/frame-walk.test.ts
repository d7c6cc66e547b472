import { describe, expect, it } from "vitest";
import { lists } from "../test-support/lists.ts";
import { type NormalizedFrame, walkFrames } from "./frame-walk.ts";

const siglists = lists({
  sentinels: ["# what gives up", "panic", "quiet"],
  irrelevant: ["raise$", "quiet"],
  prefix: ["memcpy", "panic", ".*\\.so$", "<unknown"],
});

const source = "C++ function";

function walk(...names: readonly string[]) {
  const { first, taken, steps } = walkFrames(
    names.map((text, frame): NormalizedFrame => ({ made: { text, source }, at: { thread: 0, frame } })),
    siglists,
  );
  return { first, taken: taken.map(({ made }) => made.text), steps };
}

describe("the walk down the frames", () => {
  it("ends after the first frame that is no prefix", () => {
    expect(walk("memcpy", "app::copy", "main").taken).toEqual(["memcpy", "app::copy"]);
  });

  it("leaves irrelevant and empty frames out", () => {
    expect(walk("raise", "", "app::run", "main").taken).toEqual(["app::run"]);
  });

  it("begins at the first frame that is a sentinel", () => {
    expect(walk("app::hook", "panic", "app::run").taken).toEqual(["panic", "app::run"]);
  });

  it("begins under a sentinel that is irrelevant", () => {
    expect(walk("app::hook", "quiet", "app::run", "panic").taken).toEqual(["app::run"]);
  });

  it("takes a module that repeats once, and a function as often as it comes", () => {
    expect(walk("lib.so", "lib.so", "memcpy", "memcpy", "lib.so", "end").taken).toEqual([
      "lib.so",
      "memcpy",
      "memcpy",
      "lib.so",
      "end",
    ]);
  });

  it("says for each frame what became of it and which line did it", () => {
    const at = (frame: number) => ({ thread: 0, frame });
    expect(walk("x", "panic", "raise", "lib.so", "lib.so", "", "run", "main").steps).toEqual([
      {
        kind: "sentinel",
        name: "panic",
        at: at(1),
        by: { list: "signature_sentinels.txt", line: 2, pattern: "panic" },
      },
      {
        kind: "taken",
        name: "panic",
        at: at(1),
        source,
        by: { list: "prefix_signature_re.txt", line: 2, pattern: "panic" },
      },
      {
        kind: "skipped",
        name: "raise",
        at: at(2),
        source,
        why: "irrelevant",
        by: { list: "irrelevant_signature_re.txt", line: 1, pattern: "raise$" },
      },
      {
        kind: "taken",
        name: "lib.so",
        at: at(3),
        source,
        by: { list: "prefix_signature_re.txt", line: 3, pattern: ".*\\.so$" },
      },
      { kind: "skipped", name: "lib.so", at: at(4), source, why: "repeated" },
      { kind: "skipped", name: "", at: at(5), source, why: "empty" },
      { kind: "taken", name: "run", at: at(6), source },
    ]);
  });

  it("takes nothing from no frames", () => {
    expect(walk()).toEqual({ first: undefined, taken: [], steps: [] });
  });
});
