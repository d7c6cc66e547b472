import { describe, expect, it } from "vitest";
import { sourceLocation } from "./source-location.ts";

const text = (file: string, line?: number) => {
  const location = sourceLocation(file, line);
  return location && location.folder + location.file;
};

describe("sourceLocation", () => {
  it("links a file of hg.mozilla.org at its revision and line", () => {
    expect(
      sourceLocation("hg:hg.mozilla.org/mozilla-central:js/src/vm/Interpreter.cpp:e4b11f02", 12),
    ).toEqual({
      folder: "js/src/vm/",
      file: "Interpreter.cpp:12",
      href: "https://hg.mozilla.org/mozilla-central/file/e4b11f02/js/src/vm/Interpreter.cpp#l12",
    });
  });

  it("links a file of github.com at its revision and line", () => {
    const { href } = sourceLocation("git:github.com/rust-lang/rust:library/core/src/panicking.rs:3f1c", 75)!;
    expect(href).toBe("https://github.com/rust-lang/rust/blob/3f1c/library/core/src/panicking.rs#L75");
    expect(sourceLocation("git:github.com/rust-lang/rust:library/a b#?.rs:3f1c", undefined)!.href).toBe(
      "https://github.com/rust-lang/rust/blob/3f1c/library/a%20b%23%3F.rs",
    );
  });

  it("links a file of gitlab.com, a generated one, and those of servers that the settings name", () => {
    const hash = "0a".repeat(64);
    const links = new Map([
      ["code.example", "https://code.example/{repository}/src/{revision}/{path}#n{line}"],
      ["s3:made", "https://made.example/{path}"],
    ]);
    const of = (file: string, line?: number) => sourceLocation(file, line, links)?.href;
    expect(of("git:gitlab.com/a/b/c:x y.c:77", 3)).toBe("https://gitlab.com/a/b/c/-/blob/77/x%20y.c#L3");
    expect(of("git:code.example/r:x.c:77", 3)).toBe("https://code.example/r/src/77/x.c#n3");
    expect(of("git:code.example/r:x.c:77")).toBe("https://code.example/r/src/77/x.c");
    expect(of(`s3:made:${hash}/y.c:`, 3)).toBe(`https://made.example/${hash}/y.c`);
    expect(of("git:other.example/r:x.c:77", 3)).toBeUndefined();
  });

  it("sends nobody to a server it does not know", () => {
    for (const file of [
      "git:evil.example/x/y:a.c:1",
      "hg:github.com/x/y:a.c:1",
      "javascript:alert/1:a.c:1",
      "git:github.com@evil.example/x:a.c:1",
      "git:github.com:a.c:1",
    ]) {
      expect(sourceLocation(file, 1)?.href, file).toBeUndefined();
    }
  });

  it("drops the hash of a generated source", () => {
    const hash = "0a".repeat(64);
    expect(text(`s3:gecko-generated-sources:${hash}/ipc/ipdl/PFoo.cpp:`, 3)).toBe("ipc/ipdl/PFoo.cpp:3");
  });

  it("shows a path of the build machine as it is", () => {
    expect(text("/rustc/3f1c/library/core/src/panicking.rs", 75)).toBe(
      "/rustc/3f1c/library/core/src/panicking.rs:75",
    );
    expect(sourceLocation("c:\\build\\foo.c", undefined)).toEqual({
      folder: "c:\\build\\",
      file: "foo.c",
      href: undefined,
    });
  });

  it("has nothing to show for no file", () => {
    expect(sourceLocation("", 7)).toBeUndefined();
  });

  it("reads half characters in a path", () => {
    expect(sourceLocation("git:github.com/a/b:\ud800.c:1", 1)!.href).toContain("%EF%BF%BD.c");
  });
});
