import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readVersion } from "./version.ts";

let root: string;
const write = (name: string, value: unknown) => writeFileSync(join(root, name), JSON.stringify(value));
const git = (...args: string[]) => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "mayday-version-"));
  write("package.json", { name: "x", version: "1.2.3" });
});
afterEach(() => rmSync(root, { recursive: true }));

describe("the version", () => {
  it("is an image's own, in four keys", () => {
    write("version.json", { source: "https://example.com/x", version: "9", commit: "abc", other: "no" });
    expect(readVersion(root)).toEqual({
      source: "https://example.com/x",
      version: "9",
      commit: "abc",
      build: "",
    });
  });

  it("is the package's where nothing else is known", () => {
    expect(readVersion(root)).toEqual({ source: "", version: "1.2.3", commit: "", build: "" });
    writeFileSync(join(root, "version.json"), "{");
    expect(readVersion(root)).toMatchObject({ version: "1.2.3" });
  });

  it("has the commit of a checkout, and where it is from without a password", () => {
    git("init", "--quiet");
    git(
      "-c",
      "user.name=x",
      "-c",
      "user.email=x@example.com",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "x",
    );
    git("remote", "add", "origin", "https://me:secret@example.com/x.git");
    expect(readVersion(root)).toEqual({
      source: "https://example.com/x.git",
      version: "1.2.3",
      commit: git("rev-parse", "HEAD"),
      build: "",
    });
    git("remote", "set-url", "origin", "/home/me/x");
    expect(readVersion(root).source).toBe("");
  });
});
