import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lists } from "../test-support/lists.ts";
import { loadSiglists } from "./load-siglists.ts";
import { siglistFiles } from "./siglist.ts";

describe("lists", () => {
  it("match at the start of a frame, with no anchor at the end", () => {
    const { prefix } = lists({ prefix: ["mem"] });
    expect(prefix("memcpy")?.line).toBe(1);
    expect(prefix("my_memcpy")).toBeUndefined();
    expect(prefix("memcpy")?.line).toBe(1);
  });

  it("have sentinels that are literals", () => {
    const { sentinel } = lists({ sentinels: ["operator()("] });
    expect(sentinel("operator()(")?.line).toBe(1);
    expect(sentinel("operator()(x")).toBeUndefined();
  });

  it("pass over blank lines and comments but count them", () => {
    const { irrelevant } = lists({ irrelevant: ["# raise", "", "  raise \r", "#x"] });
    expect(irrelevant("raise")).toEqual({ list: "irrelevant_signature_re.txt", line: 3, pattern: "raise" });
    expect(irrelevant("# raise")).toBeUndefined();
  });

  it("take lines that only a regular expression without the u flag can have", () => {
    const { prefix } = lists({ prefix: ["log::{{closure}}", "\\<name omitted\\>"] });
    expect(prefix("log::{{closure}}")?.line).toBe(1);
    expect(prefix("<name omitted>")?.line).toBe(2);
  });

  // What has no bound takes longer than anybody waits, and what is bounded a fraction of a second.
  it.each([
    ".*.*x",
    ".*.*.*x",
    "(a*){0,3}x",
    "a?a?a?a?a?a?a?a?a*x",
    "(a|a)(a|a)(a|a)(a|a)a*a*x",
    "a{0,15}a{0,15}a*x",
  ])("do not let a name make the line %s run away", (line) => {
    const { prefix } = lists({ prefix: [line] });
    const start = performance.now();
    expect(prefix("a".repeat(100_000))).toBeUndefined();
    expect(performance.now() - start).toBeLessThan(10_000);
  });

  it("answer the same from memory, also for more texts than they remember", () => {
    const { prefix } = lists({ prefix: ["f\\d*7$"] });
    const names = Array.from({ length: 20_000 }, (_, index) => `f${index}`);
    const answers = () => names.filter((name) => prefix(name) !== undefined).length;
    expect([answers(), answers()]).toEqual([2000, 2000]);
  });

  it.each([
    ["(abc", "Unterminated group"],
    ["abc\\Z", "\\A and \\Z are not supported"],
    ["a{,3}", "lower bound"],
    ["(?P<x>a)", "Invalid group"],
    ["(a+)+", "repeated without bound"],
    ["a?".repeat(30), "too many"],
    [".*".repeat(6), "too many"],
  ])("refuse the line %s", (line, why) => {
    expect(() => lists({ prefix: ["fine", line] })).toThrow(
      expect.objectContaining({ code: "CONFIG_INVALID", message: expect.stringContaining(why) }),
    );
  });

  it.each([
    ["libc\\.so$", "libc.so", "libc_so"],
    ["foo*", "fo", "f"],
    ["foo|bar", "bar", "baz"],
    ["(foo|bar)::", "bar::", "foo"],
    [".*free(_sized)?$", "app::free_sized", "app::freed"],
    [".*fre+", "free", "fr"],
    [".*a|b", "b", "c"],
    ["[|]x", "|x", "x"],
    ["", "anything", undefined],
  ])("match with the line %s as the regular expression does", (line, matched, other) => {
    const { prefix } = lists({ prefix: line === "" ? ["(?:)"] : [line] });
    expect(prefix(matched)?.line).toBe(1);
    if (other !== undefined) expect(prefix(other)).toBeUndefined();
  });

  it("answer with the first line that matches, wherever the others begin", () => {
    const { prefix } = lists({ prefix: [".*cpy", "mem", "memcpy"] });
    expect(prefix("memcpy")?.line).toBe(1);
    expect(prefix("memset")?.line).toBe(2);
  });

  it("look at the start of long frames only, and do not take its end for the frame's", () => {
    const { prefix } = lists({ prefix: ["a*b", "a+$"] });
    expect(prefix(`${"a".repeat(4095)}b`)?.line).toBe(1);
    expect(prefix(`${"a".repeat(4096)}b`)).toBeUndefined();
  });

  it("take an escaped backslash before a Z", () => {
    expect(lists({ prefix: ["a\\\\Z"] }).prefix("a\\Z")?.line).toBe(1);
  });
});

describe("a folder of lists", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "siglists-"));
    for (const file of siglistFiles) await writeFile(join(folder, file), "# nothing\n");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is read whole", async () => {
    await writeFile(join(folder, "prefix_signature_re.txt"), "# the first\nmem.*\n");
    expect((await loadSiglists(folder)).prefix("memcpy")?.line).toBe(2);
  });

  it("is refused with file and line of every bad line", async () => {
    await writeFile(join(folder, "prefix_signature_re.txt"), "ok\n\n(bad\n");
    await writeFile(join(folder, "irrelevant_signature_re.txt"), "[bad\n");
    const message = await loadSiglists(folder).catch((error: Error) => error.message);
    expect(message).toContain(`${join(folder, "prefix_signature_re.txt")} line 3: `);
    expect(message).toContain(`${join(folder, "irrelevant_signature_re.txt")} line 1: `);
  });

  it("is refused with file and line of what is not UTF-8, also among literals", async () => {
    await writeFile(join(folder, "signature_sentinels.txt"), Buffer.from("ok\ncaf\xe9\n", "latin1"));
    await expect(loadSiglists(folder)).rejects.toThrow(/signature_sentinels.txt line 2: not UTF-8/);
  });

  it("is refused when a file is not there", async () => {
    await rm(join(folder, "signature_sentinels.txt"));
    await expect(loadSiglists(folder)).rejects.toThrow(
      expect.objectContaining({
        code: "FILE_UNREADABLE",
        message: expect.stringContaining("signature_sentinels.txt"),
      }),
    );
  });
});
