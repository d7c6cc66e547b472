import { describe, expect, it } from "vitest";
import { cleanPath } from "./clean-path.ts";

describe("a path of a FILE record", () => {
  it.each([
    ["./nptl/x.c", "nptl/x.c"],
    ["a/../b.c", "b.c"],
    ["a/../../b.c", "../b.c"],
    ["/builds/worker/../src/./d.rs", "/builds/src/d.rs"],
    ["/a//b.c", "/a/b.c"],
    ["d:/x/y.h", "d:\\x\\y.h"],
    ["c:\\a\\..\\b.c", "c:\\b.c"],
    ["\\\\server\\share\\..\\a.c", "\\\\server\\a.c"],
    ["a\\b.c", "a/b.c"],
    ["a\\b/c.c", "a\\b\\c.c"],
    ["c:a.c", "c:a.c"],
    ["file:///a/../b.c", "file:///b.c"],
    ["/rustc/ab//library/a.rs", "/rustc/ab//library/a.rs"],
    [" a.c ", "a.c"],
    ["<built-in>", "<built-in>"],
  ])("%s is told as %s", (record, path) => {
    expect(cleanPath(record)).toBe(path);
  });

  it.each(["a/..", ".", "/", ""])("%j is told not at all", (record) => {
    expect(cleanPath(record)).toBeUndefined();
  });

  it.each([
    ["hg:hg.mozilla.org/mozilla-central:dom/../a.cpp:0123", "hg:hg.mozilla.org/mozilla-central:a.cpp:0123"],
    ["s3:gecko-generated-sources:00ff/ipc/a.cpp:", "s3:gecko-generated-sources:00ff/ipc/a.cpp:"],
    ["/a/../b.c", "/b.c"],
  ])("%s keeps its root", (record, path) => {
    expect(cleanPath(record)).toBe(path);
  });
});
