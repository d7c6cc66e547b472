import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const packages = join(import.meta.dirname, "..", "packages");

describe("the README of every package", () => {
  it.each(readdirSync(packages))("%s: its first example prints what its comments say", (name) => {
    const folder = join(packages, name);
    const example = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(folder, "README.md"), "utf8"))?.[1] ?? "";
    const promised = Array.from(example.matchAll(/console\.log\(.*; \/\/ (.*)$/gm), (match) => match[1]);
    const printed = execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", example], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(promised.length).toBeGreaterThan(0);
    expect(printed.trim().split("\n")).toEqual(promised);
  });
});
